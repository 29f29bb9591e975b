"""Settings that several tests start from."""

HOME = {"HOME": "/home/lin"}
HTTP = ["--http", "127.0.0.1:8000"]
PUBLIC = ["--http", "0.0.0.0:8000"]
NAMED = ["--allow-host", "dsw.example.com"]
BEARER = ["--bearer-token-file", "/run/token"]
OIDC = ["--oidc-issuer", "https://idp.example.com/realm", "--oidc-audience", "https://dsw.example.com/mcp"]
PAGE = [*OIDC, "--oidc-client-id", "dsw-page"]
DATABASE = ["--database", "postgresql://db/dsw"]
SEALED = [*DATABASE, "--audit-key-file", "/run/key", "--audit-checkpoint-file", "/var/checkpoint"]
ROLE = ["--role-arn", "acs:ram::1234567890123456:role/dsw-team"]
OWNER = ["--owner-claim", "aliyun_uid"]
SECOND = ["--second-person-above", "50", "--approver-group", "leads"]

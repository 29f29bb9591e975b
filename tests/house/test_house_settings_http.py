"""Settings of a server over HTTP: where its journal is, and what counts as a yes."""

import pytest

from pai_dsw_mcp.settings import read_settings
from tests.house.flags import BEARER, HOME, HTTP, NAMED, OIDC, PAGE, PUBLIC, SEALED, SECOND


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://ada:canary@db/dsw",
        "postgres://ada:canary@[::1]:5432,db2/dsw?sslmode=verify-full",
        "postgresql://:canary@db/dsw",
        "postgresql://a@b:canary@db/dsw",
        "postgresql://db/dsw?sslmode=require&password=canary",
        "postgresql://db/dsw?p%61ssword=canary",
        "postgresql://db/dsw?sslpassword=canary",
        "postgresql://db/dsw?application_name=x#&password=canary",
        "postgresql://ada#:canary@db/dsw",
        "postgresql://[db/dsw?password=canary",
        "mysql://db/canary",
        "host=db password=canary",
    ],
)
def test_a_password_in_the_address_of_the_database_is_refused_and_not_repeated(
    address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for arguments, variables in (
        ([*HTTP, "--database", address], {}),
        (HTTP, {"PAI_DSW_MCP_DATABASE": address}),
    ):
        with pytest.raises(SystemExit) as ended:
            read_settings(arguments, {**HOME, **variables})
        assert ended.value.code == 2
        told = capsys.readouterr().err
        assert "--database" in told
        assert "canary" not in told


@pytest.mark.parametrize(
    ("endpoint", "kept"),
    [
        ("http://127.0.0.1:4318", "http://127.0.0.1:4318"),
        ("https://otel.example.com/tenant/", "https://otel.example.com/tenant"),
    ],
)
def test_a_collector_is_named_by_its_address(endpoint: str, kept: str) -> None:
    assert read_settings([*HTTP, "--otlp-endpoint", endpoint], HOME).otlp_endpoint == kept


@pytest.mark.parametrize(
    "endpoint", ["collector:4318", "grpc://collector:4317", "http://key@collector", "http://c/?key=x"]
)
def test_an_address_that_is_none_of_a_collector_is_refused(endpoint: str) -> None:
    with pytest.raises(SystemExit):
        read_settings([*HTTP, "--otlp-endpoint", endpoint], HOME)


def test_the_audit_reads_the_database_that_the_servers_write() -> None:
    address = "postgresql://dsw@db1,db2/dsw?sslmode=verify-full&target_session_attrs=read-write"
    for arguments in (HTTP, ["audit"], ["audit", "--verify", *SEALED], ["audit", "--end", *SEALED]):
        assert read_settings([*arguments, "--database", address], HOME).database == address


@pytest.mark.parametrize(
    ("arguments", "approve"),
    [
        (HTTP, "auto"),
        ([*HTTP, *BEARER], "auto"),
        ([*HTTP, *BEARER, "--approve", "page"], "page"),
        ([*HTTP, *OIDC], "form"),
        ([*PUBLIC, *NAMED, *OIDC], "form"),
        ([*PUBLIC, *NAMED, *BEARER, "--allow-origin", "https://a.example,http://b.example:81"], "form"),
        ([*PUBLIC, *NAMED, *PAGE], "auto"),
        ([*PUBLIC, *NAMED, *PAGE, "--approve", "page"], "page"),
        ([*PUBLIC, *NAMED, *PAGE, *SECOND, "--approve", "form"], "form"),
    ],
    ids=" ".join,
)
def test_over_http_only_a_form_counts_where_others_may_ask_and_nobody_signs_in_on_the_page(
    arguments: list[str], approve: str
) -> None:
    assert read_settings(arguments, HOME).approve == approve

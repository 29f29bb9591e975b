"""How long 32 concurrent reads over TLS keep the event loop from doing anything else."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

from pai_dsw_mcp.cloud.endpoints import host_of
from tests.bench.emulator_process import ADMIN, REGION, EmulatorProcess
from tests.bench.raw_reads import INSTANCES
from tests.bench.row import Row, absolute, in_unit
from tests.bench.servers import clean_environment
from tests.bench.tls_service import write_certificate
from tests.emulator.raw_client import RawClient

_LIMIT = 25.0


def measure() -> list[Row]:
    host = host_of("pai-dsw", REGION, "public")
    with tempfile.TemporaryDirectory() as name:
        certificate, key, body = (Path(name, each) for each in ("certificate.pem", "key.pem", "body.json"))
        write_certificate(host, certificate, key)
        with EmulatorProcess() as emulator, RawClient(emulator.url, ADMIN) as client:
            instance_id = emulator.steering.generate(1, REGION)[0]
            body.write_bytes(client.call("GET", f"{INSTANCES}/{instance_id}").body)
        service = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.tls_service", str(certificate), str(key), str(body)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert service.stdout is not None
        try:
            proxy = f"http://127.0.0.1:{int(service.stdout.readline())}"
            found = _watch(host, instance_id, certificate, proxy)
        finally:
            service.communicate(timeout=20)
    reference = in_unit(median(found["bare"]), "ms")
    return [
        absolute("32 reads over TLS: longest loop stall", found["ours"], reference, "ms", _LIMIT),
        absolute("the same while the SDKs are loaded", found["cold"], "", "ms", None),
    ]


def _watch(host: str, instance_id: str, certificate: Path, proxy: str) -> dict[str, list[float]]:
    environment = clean_environment(
        https_proxy=proxy,
        SSL_CERT_FILE=str(certificate),
        # Made up. The keys of an emulator are refused where no emulator is meant.
        ALIBABA_CLOUD_ACCESS_KEY_ID="LTAIbench",
        ALIBABA_CLOUD_ACCESS_KEY_SECRET="bench",
    )
    watched = subprocess.run(
        [sys.executable, "-m", "tests.bench.reads_over_tls", host, instance_id],
        env=environment,
        check=True,
        stdout=subprocess.PIPE,
        timeout=60,
    )
    return json.loads(watched.stdout)

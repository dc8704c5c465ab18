# One image for the web process and the worker; only the command differs.
FROM python:3.11-slim AS build
WORKDIR /source
COPY requirements/build.txt requirements/
RUN pip install --no-cache-dir --require-hashes -r requirements/build.txt
COPY . .
RUN hatchling build -t wheel -d /wheels

FROM python:3.11-slim
RUN useradd --system --uid 10001 --create-home --home-dir /var/lib/parent-credits parent-credits
COPY requirements/base.txt /requirements/
RUN pip install --no-cache-dir --require-hashes -r /requirements/base.txt
COPY --from=build /wheels /wheels
RUN pip install --no-cache-dir --no-deps /wheels/*.whl
USER parent-credits
WORKDIR /var/lib/parent-credits
ENV PARENT_CREDITS_VAR=/var/lib/parent-credits/var \
    PARENT_CREDITS_HOST=0.0.0.0 \
    PARENT_CREDITS_PORT=8000 \
    PYTHONDONTWRITEBYTECODE=1
RUN mkdir -m 700 var
VOLUME /var/lib/parent-credits/var
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/livez', timeout=4)"]
CMD ["parent-credits", "serve"]

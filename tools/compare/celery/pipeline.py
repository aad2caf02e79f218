"""The tasks: orchestrate, three datasets, collect, five analysts, callback. Eleven messages for each pipeline."""

from functools import cached_property
import base64
import hashlib
import hmac
import json
import os
import time
import uuid

from celery import Celery, chord
import urllib3


class SharedBackendCelery(Celery):
    """One result backend for the whole process.

    Celery keeps one for each thread, which under gevent is each task: a new connection and a search through every
    installed package for each of them, four to seven times the CPU time.
    """

    @cached_property
    def backend(self):
        return self._get_backend()


redis_url = os.environ['COMPARE_REDIS_URL']
secret = base64.b64decode(os.environ['COMPARE_CALLBACK_SECRET'].removeprefix('whsec_'))

app = SharedBackendCelery('pipeline', broker=redis_url, backend=redis_url)
app.conf.update(
    task_acks_late=True,
    worker_prefetch_multiplier=4,  # with late acks, 1 stalls prefork workers on Redis for a second at a time
    task_routes={
        'pipeline.orchestrate': {'queue': 'orch'},
        'pipeline.callback': {'queue': 'orch'},
        'pipeline.collect': {'queue': 'dist'},
        'pipeline.dataset': {'queue': 'tasks'},
        'pipeline.analyst': {'queue': 'tasks'},
    },
)

http = urllib3.PoolManager(maxsize=100)

analysts = [('bench-a', 'sum'), ('bench-a', 'mean'), ('bench-b', 'sum'), ('bench-b', 'largest'), ('bench-c', 'spread')]

measures = {
    'sum': sum,
    'mean': lambda values: sum(values) / len(values),
    'largest': max,
    'spread': lambda values: max(values) - min(values),
}


@app.task(ignore_result=True)
def orchestrate(ingestion_id, url, payload):
    header = [dataset.s(name, payload) for name in ('bench-a', 'bench-b', 'bench-c')]
    chord(header, collect.s(ingestion_id, url)).apply_async()


@app.task
def dataset(name, payload):
    totals = {}
    for row in payload['rows']:
        totals[row['category']] = totals.get(row['category'], 0) + row['value']
    return {'name': name, 'totals': totals, 'report': {'rows': len(payload['rows']), 'categories': len(totals)}}


@app.task(ignore_result=True)
def collect(datasets, ingestion_id, url):
    by_name = {each['name']: each for each in datasets}
    reports = {f'{name}.dataset': each['report'] for name, each in by_name.items()}
    header = [analyst.s(name, measure, by_name[name]['totals']) for name, measure in analysts]
    chord(header, callback.s(ingestion_id, url, reports)).apply_async()


@app.task
def analyst(name, measure, totals):
    return {'name': f'{name}.{measure}', 'insight': {measure: measures[measure](totals.values())}}


@app.task(ignore_result=True)
def callback(insights, ingestion_id, url, reports):
    data = {
        'ingestionId': ingestion_id,
        'status': 'completed',
        'insights': {each['name']: each['insight'] for each in insights},
        'datasets': reports,
    }
    body = json.dumps({'type': 'ingestion.completed', 'data': data}).encode()
    response = http.request('POST', url, body=body, headers=signed(body), retries=False)
    if response.status >= 300:
        raise RuntimeError(f'{url} answered {response.status}')


def signed(body):
    """The headers of a callback, by Standard Webhooks."""
    message_id, timestamp = f'msg_{uuid.uuid4().hex}', str(int(time.time()))
    mac = hmac.new(secret, f'{message_id}.{timestamp}.'.encode() + body, hashlib.sha256)
    return {
        'content-type': 'application/json',
        'webhook-id': message_id,
        'webhook-timestamp': timestamp,
        'webhook-signature': f'v1,{base64.b64encode(mac.digest()).decode()}',
    }

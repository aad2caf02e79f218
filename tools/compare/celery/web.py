"""The front door: takes a payload, begins its pipeline and answers 202."""

import json
import uuid

from flask import Flask, request

from pipeline import orchestrate

web = Flask(__name__)


@web.post('/v1/ingestions')
def ingest():
    ingestion_id = uuid.uuid4().hex
    payload = request.get_json()
    if not payload['bench'] or not payload['rows']:
        return json.dumps({'title': 'not a payload of the bench'}), 422
    orchestrate.delay(ingestion_id, request.args['callback'], payload)
    return json.dumps({'id': ingestion_id}), 202


@web.get('/health')
def health():
    return '', 204

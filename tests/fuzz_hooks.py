"""Hooks with which schemathesis speaks to the practice service as somebody who may: sessions, one-time codes that are good,
ids and addresses that exist, signatures over what is really sent. A part of the values stays as it was made up.

PRACTICE is JSON: url, session, otp_secret, result (the file for the counts),
offset (where the clock begins) and public_key (PEM)."""

import atexit
import base64
import hashlib
import hmac
import json
import os
import random
import struct
import time
import uuid
from collections import Counter

import requests
import schemathesis

PRACTICE = json.loads(os.environ["PRACTICE"])
URL, SESSION = PRACTICE["url"], PRACTICE["session"]
PERMISSIONS = ["BOTS", "ACCOUNTS", "SMART_TRADES"]
PERMISSIONS = [f"{group}_{kind}" for group in PERMISSIONS for kind in ("READ", "WRITE")]
# How many of a thousand values are put right.
RIGHT = 850

http = requests.Session()
http.trust_env = False
http.headers["Authorization"] = f"Bearer {SESSION}"
chance = random.Random(1)
statuses, operations, unexpected, made = Counter(), Counter(), [], []
clock = {"offset": PRACTICE["offset"], "started": time.time()}


def right():
    return chance.randrange(1000) < RIGHT


def next_code():
    """A code that was never used: the service's clock goes on by one step for each."""
    clock["offset"] += 30
    http.patch(f"{URL}/practice/control", json={"clock_offset_s": clock["offset"]}).raise_for_status()
    key = base64.b32decode(PRACTICE["otp_secret"])
    step = int(time.time() + clock["offset"]) // 30
    digest = hmac.new(key, struct.pack(">Q", step), hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start:start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def create(permissions):
    body = {
        "type": "system_generated",
        "name": "fuzz",
        "trusted_ips": ["203.0.113.7"],
        "permissions": permissions,
    }
    headers = {"Idempotency-Key": str(uuid.uuid4()), "X-OTP-Code": next_code()}
    answer = http.post(f"{URL}/api_tokens", json=body, headers=headers)
    answer.raise_for_status()
    return answer.json()


FULL = create(PERMISSIONS)
PUBLIC_KEY = PRACTICE["public_key"]


class Signed(requests.auth.AuthBase):
    """Signs what is sent, not what was meant."""

    def __call__(self, request):
        body = request.body or b""
        if isinstance(body, str):
            body = body.encode()
        if not isinstance(body, bytes):
            body = b""
        path = request.path_url.encode()
        form = "application/x-www-form-urlencoded" in (request.headers.get("Content-Type") or "")
        _, mark, query = path.partition(b"?")
        joint = b"" if not body or not form or (mark and not query) else (b"&" if query else b"?")
        request.headers["Apikey"] = FULL["api_key"]
        message = path + joint + body
        request.headers["Signature"] = hmac.new(FULL["secret"].encode(), message, hashlib.sha256).hexdigest()
        return request


def some_token():
    if not made:
        made.append(create(["BOTS_READ"])["id"])
    # What was made is also revoked, so that there are never many.
    return chance.choice(made)


def addresses():
    return [f"198.41.{chance.randrange(256)}.{chance.randrange(1, 255)}" for _ in range(chance.randrange(1, 4))]


@schemathesis.hook
def before_call(context, case, kwargs):
    path, method = case.operation.path, case.method.upper()
    if path.startswith("/public/"):
        if right():
            kwargs["auth"] = Signed()
        return
    case.headers["Authorization"] = f"Bearer {SESSION}" if right() else "Bearer nobody"
    if method == "GET" or not path.startswith("/api_tokens"):
        return
    if right():
        case.headers["Idempotency-Key"] = str(uuid.uuid4())
    if "id" in case.path_parameters and right():
        case.path_parameters["id"] = some_token()
    if isinstance(case.body, dict):
        if "trusted_ips" in case.body and right():
            case.body["trusted_ips"] = addresses()
        if "public_key" in case.body and right():
            case.body["public_key"] = PUBLIC_KEY
    # Last, because it moves the clock.
    if right():
        case.headers["X-OTP-Code"] = next_code()
    elif chance.randrange(2):
        case.headers.pop("X-OTP-Code", None)


@schemathesis.hook
def after_call(context, case, response):
    statuses[response.status_code] += 1
    if response.status_code == 201:
        made.append(response.json()["id"])
    elif response.status_code == 204 and case.path_parameters.get("id") in made:
        made.remove(case.path_parameters["id"])
    operations[f"{case.method.upper()} {case.operation.path}"] += 1
    if response.status_code >= 500 and response.status_code != 501 or response.status_code == 501 and b"not_simulated" not in response.content:
        unexpected.append([case.method, case.path, response.status_code, response.content.decode("utf-8", "replace")[:200]])


@atexit.register
def tell():
    cases = sum(statuses.values())
    if not cases:
        return
    told = {
        "cases": cases,
        "share_of_2xx": round(sum(count for status, count in statuses.items() if 200 <= status < 300) / cases, 3),
        "statuses": {str(status): count for status, count in sorted(statuses.items())},
        "operations": len(operations),
        "unexpected": unexpected[:20],
        "seconds": round(time.time() - clock["started"], 1),
    }
    with open(PRACTICE["result"], "w", encoding="utf-8") as file:
        json.dump(told, file)

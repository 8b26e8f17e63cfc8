# hold: Python's websockets listens and says nothing.
# usage: hold.py URL TOKEN SECONDS [SUBPROTOCOL...]; prints "open" or how it
# ended.
import asyncio
import sys

import websockets

url, token, seconds, *protocols = sys.argv[1:]


async def listen():
    try:
        async with websockets.connect(
            url,
            subprotocols=protocols or None,
            extra_headers={"Cookie": "sid=" + token},
            ping_interval=None,
        ) as s:
            loop = asyncio.get_running_loop()
            end = loop.time() + float(seconds)
            while loop.time() < end:
                try:
                    await asyncio.wait_for(s.recv(), end - loop.time())
                except asyncio.TimeoutError:
                    break
            print("open" if s.open else "not open", flush=True)
    except Exception as e:
        print("closed", repr(e), flush=True)


asyncio.run(listen())

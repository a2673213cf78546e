#!/bin/sh
# Draws every size from the SVG artwork. Needs rsvg-convert (librsvg2-bin), convert (imagemagick) and python3.
set -eu
cd "$(dirname "$0")"
for size in 16 32 48 64 128 256; do
    rsvg-convert -w "$size" -h "$size" ringside.svg -o "${size}x${size}.png"
done
rsvg-convert -w 512 -h 512 ringside.svg -o icon.png
convert 16x16.png 32x32.png 48x48.png 256x256.png icon.ico
python3 -c '
import struct
kinds = [(b"ic07", "128x128.png"), (b"ic08", "256x256.png"), (b"ic09", "icon.png")]
parts = [(kind, open(name, "rb").read()) for kind, name in kinds]
body = b"".join(kind + struct.pack(">I", 8 + len(data)) + data for kind, data in parts)
open("icon.icns", "wb").write(b"icns" + struct.pack(">I", 8 + len(body)) + body)
'
for state in idle ringing call trouble scenario; do
    for size in 22 44; do
        rsvg-convert -w "$size" -h "$size" "tray/$state.svg" -o "tray/$state-$size.png"
    done
done

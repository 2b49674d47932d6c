"""The picture that stands for a page where its address is shared: 1200 by 630 points, drawn at build.

`tarjotin-sans.ttf` is theme/static/tarjotin-sans.woff2 unpacked (same outlines, same licence): Typst reads no WOFF2.
"""

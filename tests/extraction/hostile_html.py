"""Pieces that attacks on sanitisers are made of, for hypothesis to put together, and the scripts that they try to start."""

# ruff: noqa: E501, SIM905 - attacks stand on one line each

from __future__ import annotations

from hypothesis import strategies as st

ELEMENTS = (
    "a abbr area article aside audio b base bdi blockquote body br button caption center code col colgroup dd del details dialog div dl dt em "
    "embed fieldset figcaption figure font footer form frame frameset h1 h2 head header hr html i iframe image img input ins isindex kbd "
    "keygen label legend li link listing main map mark marquee math menu meta meter mi mn mo ms mtext mglyph malignmark annotation-xml "
    "maction semantics mrow mtable mtr mtd nav nobr noembed noframes noscript object ol optgroup option output p param picture plaintext "
    "portal pre progress q rb rp rt rtc ruby s samp script search section select selectedcontent slot small source span strike strong style "
    "sub summary sup svg animate set foreignobject use desc title a table tbody td template textarea tfoot th thead time tr track tt u ul "
    "var video wbr xmp x-custom xss"
).split()
SCRIPTS = (
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "java\nscript:alert(1)",
    "java\x03script:alert(1)",
    "\x01javascript:alert(1)",
    " javascript:alert(1)",
    "&#106;avascript:alert(1)",
    "&#x6A&#x61vascript&colon;alert(1)",
    "javascript&Tab;:alert(1)",
    "javascript\u2028:alert(1)",
    "\u3000javascript:alert(1)",
    "vbscript:msgbox(1)",
    "data:text/html,<script>alert(1)</script>",
    "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
    "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "blob:https://e.example/1",
    "view-source:javascript:alert(1)",
    "feed:javascript:alert(1)",
    "jar:http://e.example/x!/y",
    "//e.example/x.js",
    "https:javascript:alert(1)",
    "http://e.example/\" onerror=\"alert(1)",
    "http://e.example/' onerror='alert(1)",
    "http://e.example/><script>alert(1)</script>",
    "x`onerror=alert(1)",
    "x:alert(1)",
    "?javascript:alert(1)",
    "mailto:a@b.example?body=<script>alert(1)</script>",
    "http://[::1",
    "",
)  # fmt: skip
HANDLERS = "onload onerror onclick onmouseover onfocus onanimationstart ontoggle onbegin onpointerrawupdate ONERROR on\u0130".split()
ATTRIBUTES = (
    "href src srcset poster action formaction data xlink:href xml:base background cite code codebase longdesc usemap ping dynsrc lowsrc profile "
    "srcdoc style class id name title alt dir lang type rel target http-equiv content is slot autofocus tabindex contenteditable "
    "attributename values from to begin encoding definitionurl datetime colspan start referrerpolicy data-src data-original data-srcset "
    "data-lazy-src xmlns width height controls"
).split()
VECTORS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
    "<math><mi><table><mtext><style><img src=x onerror=alert(1)></style>",
    "<math><annotation-xml encoding=\"text/html\"><style><img src=x onerror=alert(1)></style></annotation-xml></math>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<textarea><p title=\"</textarea><img src=x onerror=alert(1)>\">",
    "<title><p title=\"</title><img src=x onerror=alert(1)>\">",
    "<xmp><p title=\"</xmp><img src=x onerror=alert(1)>\">",
    "<style><p title=\"</style><img src=x onerror=alert(1)>\">",
    "<template><script>alert(1)</script></template>",
    "<template shadowrootmode=open><script>alert(1)</script></template>",
    "<iframe srcdoc='<script>parent.alert(1)</script>'></iframe>",
    "<iframe src='javascript:parent.alert(1)'></iframe>",
    "<iframe src='https://www.youtube.com/embed/\"onload=alert(1)x'></iframe>",
    "<iframe src='https://www.facebook.com/plugins/video.php?href=javascript:alert(1)//'></iframe>",
    "<iframe src='https://open.spotify.com/embed/a/b\"><script>alert(1)</script>'></iframe>",
    "<object data='data:text/html,<script>alert(1)</script>'></object>",
    "<embed src='javascript:alert(1)'>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<base href='javascript:alert(1)//'>",
    "<link rel=stylesheet href='data:text/css,*{x:expression(alert(1))}'>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href=\"java&#x3;script:alert(1)\">x</a>",
    "<video><source onerror=alert(1)></video>",
    "<video poster=javascript:alert(1)><source src=x onerror=alert(1)></video>",
    "<details open ontoggle=alert(1)>x</details>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<input autofocus onfocus=alert(1)>",
    "<body onload=alert(1)>",
    "<!--[if gte IE 4]><script>alert(1)</script><![endif]-->",
    "<!--><script>alert(1)</script>-->",
    "<!--!><img src=x onerror=alert(1)>-->",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<?php echo '<script>alert(1)</script>' ?>",
    "<p/onclick=alert(1)>x",
    "<img/src=\"x\"/onerror=alert(1)>",
    "<img src=x:x onerror\x0b=alert(1)>",
    "<<script>script>alert(1)<</script>/script>",
    "<scr\x00ipt>alert(1)</scr\x00ipt>",
    "\ufeff<script\u2028>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&amp;lt;img src=x onerror=alert(1)&amp;gt;",
    "&#60;img src=x onerror=alert(1)&#62;",
    "</p><script>alert(1)</script>",
    "</div></body></html><script>alert(1)</script>",
    "<table><td><img src=x onerror=alert(1)></table>",
    "<select><iframe></select><img src=x onerror=alert(1)>",
    "<svg><foreignObject><img src=x onerror=alert(1)></foreignObject></svg>",
    "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "<svg><animate xlink:href=#x attributeName=href values=javascript:alert(1)></svg><svg><a id=x><text>x</text></a></svg>",
    "<math><maction actiontype=statusline xlink:href='javascript:alert(1)'>x</maction></math>",
    "<math href='javascript:alert(1)'>x</math>",
)  # fmt: skip

values = st.one_of(st.sampled_from(SCRIPTS), st.sampled_from(VECTORS), st.text(max_size=8))
quoted = st.one_of(values.map(lambda value: '"' + value.replace('"', "&quot;") + '"'), values.map(lambda value: "'" + value + "'"), values)
attributes = st.tuples(st.sampled_from([*ATTRIBUTES, *HANDLERS]), st.sampled_from(["=", " = ", "/=", "\x0b=", "\x00="]), quoted).map(
    "".join
)
opening = st.tuples(st.sampled_from(ELEMENTS), st.lists(attributes, max_size=3), st.sampled_from([">", "/>", "", " ", ">"])).map(
    lambda parts: f"<{parts[0]} {' '.join(parts[1])}{parts[2]}"
)
closing = st.sampled_from(ELEMENTS).map(lambda name: f"</{name}>")
marks = st.sampled_from(["<!--", "-->", "--!>", "<![CDATA[", "]]>", "<?", "<!", "<", ">", '"', "'", "`", "&", "&#", "&lt", "\0", "\x0b", "\x0c", "\r", "\x85", "\ufeff", "\ud800", "\u2028", "{{", "}}"])  # fmt: skip
hostile = st.lists(st.one_of(opening, closing, marks, st.sampled_from(VECTORS), st.text(max_size=6)), max_size=12).map("".join)
"""HTML that tries to start a script, in most of the ways that are known, put together at random."""

"""Recipes for saved sites, as a user would write them; several tests crawl them."""

from __future__ import annotations

ZHAOQI = """\
url: http://zhaoqi.vip/
name: ZhaoQi's Blog
zone: Asia/Shanghai
language: zh-CN
delay: 0
concurrency: 8
sections:
  - id: home
    name: 首页
    list: {url: "http://zhaoqi.vip/", link: a.post-title-link, next: a.extend.next, pages: 50}
article:
  url: '^/posts/'
"""

MIAOHANCHENG = """\
url: http://miaohancheng.com/
name: Miao Hancheng
zone: Asia/Shanghai
language: zh-CN
delay: 0
concurrency: 8
sections:
  - id: home
    name: 首页
    list: {url: "http://miaohancheng.com/", link: "a.post-title, a.feature-title"}
  - id: archives
    name: 归档
    list: {url: "http://miaohancheng.com/archives/"}
article:
  url: '^/20\\d\\d/(?:\\d\\d/\\d\\d/)?[^/]+/$'
"""

ENGLISH = {
    "arstechnica": ("http://arstechnica.com/", r"^/[\w-]+/20\d\d/\d\d/[\w-]+/$", "Google"),
    "nbcnews": ("http://www.nbcnews.com/", r"-n\d+$", "Thousand Oaks"),
    "thehill": ("http://thehill.com/", r"^/homenews/\w+/\d+-", "birthright"),
    "cbc": ("http://www.cbc.ca/", r"-1\.\d+$", "pipe bomb"),
    "abc": ("http://www.abc.net.au/news/", r"^/news/20\d\d-\d\d-\d\d/", "natural sequence farming"),
    "globalnews": ("http://globalnews.ca/", r"^/news/\d+/", "oilpatch"),
}
"""Name → front page, pattern of article addresses, a word that stands in an article that it links to and that was saved."""


def english_recipe(name: str) -> str:
    url, pattern, _ = ENGLISH[name]
    recipe = f"url: {url}\nlanguage: en\ndelay: 0\nconcurrency: 8\nsections: [{{id: home, list: {{url: '{url}'}}}}]\n"
    return recipe + f"article: {{url: '{pattern}'}}\n"

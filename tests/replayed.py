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

"""Scrapy's settings. What the frontier does itself (robots, redirects, retries, delays) is off in Scrapy."""

from crawler import __version__

BOT_NAME = "broadsheet"
SPIDER_LOADER_CLASS = "crawler.spiders.loader.SourceLoader"
SPIDER_MODULES: list[str] = []
ADDONS = {"crawler.pipelines.BroadsheetAddon": 500}
USER_AGENT = f"Broadsheet/{__version__} (news crawler)"

DOWNLOAD_HANDLERS = {
    "http": "crawler.fetching.handler.GuardedHandler",
    "https": "crawler.fetching.handler.GuardedHandler",
    "data": None,
    "file": None,
    "ftp": None,
    "s3": None,
}
_OFF = (
    "offsite.OffsiteMiddleware",
    "robotstxt.RobotsTxtMiddleware",
    "httpauth.HttpAuthMiddleware",
    "retry.RetryMiddleware",
    "redirect.MetaRefreshMiddleware",
    "redirect.RedirectMiddleware",
    "cookies.CookiesMiddleware",
    "httpcache.HttpCacheMiddleware",
    "httpcompression.HttpCompressionMiddleware",
)
DOWNLOADER_MIDDLEWARES: dict[str, int | None] = {f"scrapy.downloadermiddlewares.{name}": None for name in _OFF}
DOWNLOADER_MIDDLEWARES |= {
    "crawler.fetching.middlewares.GuardMiddleware": 10,
    "crawler.fetching.middlewares.RobotsMiddleware": 20,
    "crawler.fetching.middlewares.CredentialsMiddleware": 30,
    "crawler.fetching.middlewares.CountMiddleware": 40,
    "crawler.fetching.middlewares.CodingMiddleware": 590,
}
SPIDER_MIDDLEWARES = {
    "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": None,
    "scrapy.spidermiddlewares.referer.RefererMiddleware": None,
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
}
EXTENSIONS: dict[str, int | None] = {
    "scrapy.extensions.memusage.MemoryUsage": None,
    "scrapy.extensions.memdebug.MemoryDebugger": None,
    "scrapy.extensions.feedexport.FeedExporter": None,
    "scrapy.extensions.spiderstate.SpiderState": None,
    "scrapy.extensions.throttle.AutoThrottle": None,
    "scrapy.extensions.logstats.LogStats": None,
    "crawler.demo.extension.DemoRoute": 0,
}
ROBOTSTXT_OBEY = False  # ours, by RFC 9309 and kept a day: crawler.fetching.robots
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"
CONCURRENT_ITEMS = 1  # a page gives one outcome; Scrapy makes so many tasks for each page
CONCURRENT_REQUESTS = 48
CONCURRENT_REQUESTS_PER_DOMAIN = 32
DOWNLOAD_DELAY = 0
DOWNLOAD_TIMEOUT = 30  # seconds for a whole answer, however slowly it drips
DOWNLOAD_MAXSIZE = 16 * 1024 * 1024
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_VERIFY_CERTIFICATES = True
REMOTE_CONTROL_ENABLED = False
TELNETCONSOLE_ENABLED = False
COOKIES_ENABLED = False
LOG_LEVEL = "INFO"
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,application/rss+xml,application/atom+xml,*/*;q=0.5",
    "Accept-Language": "*",
}

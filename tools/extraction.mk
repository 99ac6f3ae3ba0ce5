# The extractor's training and its comparison with others. CORPUS: a folder with dev, more and score.py; REPLAY: saved list pages.
CORPUS ?= ../shared/corpus
REPLAY ?= ../shared/replay
TRAIN := .train

.PHONY: train train-lists train-links bench-extraction bench-discovery benchmarks

$(TRAIN)/.done: pyproject.toml
	@test -x $(TRAIN)/bin/python || $(PYTHON) -m venv $(TRAIN)
	$(TRAIN)/bin/python -m pip install -q -r requirements.lock
	$(TRAIN)/bin/python -m pip install -q -e ".[train]"
	@touch $@

train: $(TRAIN)/.done ## learn the extractor's weights and cross-validate them
	$(TRAIN)/bin/python -m tools.train $(CORPUS)

train-lists: $(TRAIN)/.done ## learn to tell list pages from articles
	$(TRAIN)/bin/python -m tools.train_lists $(CORPUS) $(REPLAY)

train-links: $(TRAIN)/.done ## learn which links lead to articles
	$(TRAIN)/bin/python -m tools.train_links $(CORPUS) $(REPLAY)

bench-extraction: .bench/.done ## our figures and speed beside other extractors'
	.bench/bin/python -W ignore -m benchmarks.extraction $(CORPUS)

.bench/.done: pyproject.toml
	@test -x .bench/bin/python || $(PYTHON) -m venv .bench
	.bench/bin/python -m pip install -q -r requirements.lock matplotlib lxml_html_clean 'psycopg[binary]'
	.bench/bin/python -m pip install -q newspaper4k jieba
	.bench/bin/python -m pip install -q trafilatura courlan
	.bench/bin/python -m pip install -q readability-lxml
	.bench/bin/python -m pip install -q gne
	.bench/bin/python -m pip install -q resiliparse
	.bench/bin/python -m pip install -q --no-deps -e .
	@touch $@

bench-discovery: .bench/.done ## links of list pages: ours beside others' heuristics
	.bench/bin/python -m benchmarks.discovery $(REPLAY)

benchmarks: .bench/.done ## all benchmarks side by side, into docs/benchmarks.md; ONLY=startup,crawling: some of them
	.bench/bin/python benchmarks/report.py --only "$(ONLY)"

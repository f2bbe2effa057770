# Every command of the project; each sets up what it needs. `make help` lists them.
# CI runs these same targets (.ci/run).

SHELL = /bin/sh
RUN = python=$$(sh bin/find-python) && exec "$$python" -m
TOOLS = .venv/bin

.PHONY: help demo test lint style types imports migrations deploy messages-check messages bench bench-ledger bench-pages \
  bench-portfolio lock tools clean

help: ## this list
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/:.*## /\t/' | while IFS="$$(printf '\t')" read -r name what; \
	  do printf '  make %-16s %s\n' "$$name" "$$what"; done

demo: ## the portal with demonstration data on this machine; CHECK=1: try it out through HTTP and stop
	@$(RUN) bin.demo $(if $(CHECK),--check) $(if $(PORT),--port $(PORT))

test: ## every test; DATABASE_URL and REDIS_URL run them again there; ARGS="-k name" for some
	@$(RUN) bin.test $(ARGS)

lint: style types imports migrations deploy messages-check ## everything CI checks apart from the tests

style: tools
	$(TOOLS)/ruff check .
	$(TOOLS)/ruff format --check .
	$(TOOLS)/djlint --lint --quiet templates

types: tools
	DEBUG=1 $(TOOLS)/mypy

imports: tools
	$(TOOLS)/lint-imports

migrations: tools
	DEBUG=1 $(TOOLS)/python manage.py makemigrations --check --dry-run

deploy: tools
	DEBUG=0 SECRET_KEY="$$($(TOOLS)/python -c 'import secrets; print(secrets.token_urlsafe(64))')" \
	  BAREME_ANCHOR_KEY="$$($(TOOLS)/python -c 'import secrets; print(secrets.token_hex(32))')" \
	  ALLOWED_HOSTS=bareme.example $(TOOLS)/python manage.py check --deploy --fail-level WARNING

messages-check: tools
	DEBUG=1 $(TOOLS)/python -m bin.messages --check

messages: tools ## collect the texts to translate into locale/, and compile them
	DEBUG=1 $(TOOLS)/python -m bin.messages

bench: tools ## speed of the engine
	$(TOOLS)/python -m bench.score

bench-ledger: tools ## speed of the record on PostgreSQL (BENCH_DATABASE_URL or DATABASE_URL), and of a bundle
	$(TOOLS)/python -m bench.ledger; ledger=$$?; $(TOOLS)/python -m bench.bundle && exit $$ledger

bench-portfolio: tools ## speed of the archive replayed, and from “run” to the result page (BENCH_DATABASE_URL, BENCH_REDIS_URL)
	$(TOOLS)/python -m bench.portfolio
	$(TOOLS)/python -m bench.studio

bench-pages: tools ## speed of every page at 200 lots of 20 bids on PostgreSQL (BENCH_DATABASE_URL or DATABASE_URL)
	$(TOOLS)/python -m bench.pages

lock: tools ## pin requirements*.in again, with hashes, for Python 3.11 to 3.13
	$(TOOLS)/python -m bin.lock

tools:
	@$(RUN) bin.packages

clean: ## remove the virtual environment, the demonstration and every cache
	rm -rf .venv var .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

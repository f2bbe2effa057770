"""Who may do what: every address of the portal and of its API, for every kind of reader.

`+` allowed, `x` refused (403; without a log-in: the log-in page, or 401), `?` nothing there for this reader (404).
"""

from collections.abc import Iterator
from copy import copy
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.people.world import READERS, World, build

# buyer: works for the hospital the row belongs to; stranger: a buyer of another hospital
# evaluator: works for that hospital too, and sits on the panel of the lot “judged”, which is not the only panel
# auditor: the hospital is in the mandate; outsider: an auditor without a mandate
#
#                                                      buyer
#                                                      |  stranger
#                                                      |  |  policy officer
#                                                      |  |  |  auditor
#                                                      |  |  |  |  outsider
#                                                      |  |  |  |  |  administrator
#                                                      |  |  |  |  |  |  evaluator
#                                                      |  |  |  |  |  |  |  nobody (without a log-in)
TABLE = """
people:home                -                    GET     +  +  +  +  +  +  +  x
people:login               -                    GET     +  +  +  +  +  +  +  +
people:login               -                    POST    +  +  +  +  +  +  +  +
people:logout              -                    POST    +  +  +  +  +  +  +  x
people:language            -                    POST    +  +  +  +  +  +  +  +
people:password            -                    GET     +  +  +  +  +  +  +  x
people:password            -                    POST    +  +  +  +  +  +  +  x
people:tokens              -                    GET     +  +  +  +  +  +  +  x
people:tokens              -                    POST    +  +  +  +  +  +  +  x
people:revoke_token        token                POST    +  ?  ?  ?  ?  ?  ?  x
people:people              -                    GET     x  x  x  x  x  +  x  x
people:new_person          -                    GET     x  x  x  x  x  +  x  x
people:new_person          -                    POST    x  x  x  x  x  +  x  x
people:person              person               GET     x  x  x  x  x  +  x  x
people:change_role         person               POST    x  x  x  x  x  +  x  x
people:join                person               POST    x  x  x  x  x  +  x  x
people:give_mandate        person               POST    x  x  x  x  x  +  x  x
people:deactivate          person               POST    x  x  x  x  x  +  x  x
people:reactivate          person               POST    x  x  x  x  x  +  x  x
people:renew_password      person               POST    x  x  x  x  x  +  x  x
people:leave               membership           POST    x  x  x  x  x  +  x  x
people:withdraw_mandate    mandate              POST    x  x  x  x  x  +  x  x
people:hospitals           -                    GET     x  x  x  x  x  +  x  x
people:new_hospital        -                    GET     x  x  x  x  x  +  x  x
people:new_hospital        -                    POST    x  x  x  x  x  +  x  x
people:hospital            hospital             GET     x  x  x  x  x  +  x  x
people:hospital            hospital             POST    x  x  x  x  x  +  x  x
people:new_group           -                    GET     x  x  x  x  x  +  x  x
people:new_group           -                    POST    x  x  x  x  x  +  x  x
policies:list              -                    GET     +  +  +  +  +  +  +  x
policies:law               -                    GET     +  +  +  +  +  +  +  x
policies:parameter         parameter            GET     +  +  +  +  +  +  +  x
policies:draft             -                    GET     x  x  +  x  x  x  x  x
policies:draft             -                    POST    x  x  +  x  x  x  x  x
policies:policy            identifier           GET     +  +  +  +  +  +  +  x
policies:version           version              GET     +  +  +  +  +  +  +  x
policies:document          version              GET     +  +  +  +  +  +  +  x
policies:change            version              GET     x  x  +  x  x  x  x  x
policies:change            version              POST    x  x  +  x  x  x  x  x
policies:submit            version              POST    x  x  +  x  x  x  x  x
policies:approve           version              GET     x  x  +  x  x  x  x  x
policies:approve           version              POST    x  x  +  x  x  x  x  x
policies:send_back         version              POST    x  x  +  x  x  x  x  x
policies:retire            version              GET     x  x  +  x  x  x  x  x
policies:retire            version              POST    x  x  +  x  x  x  x  x
registry:suppliers         -                    GET     +  +  x  x  x  x  x  x
registry:register          -                    GET     +  +  x  x  x  x  x  x
registry:register          -                    POST    +  +  x  x  x  x  x  x
registry:supplier          supplier             GET     +  +  x  x  x  x  x  x
registry:origin            supplier             GET     +  +  x  x  x  x  x  x
registry:origin            supplier             POST    +  +  x  x  x  x  x  x
tenders:list               -                    GET     +  +  x  +  +  x  x  x
tenders:reference          -                    GET     +  +  x  x  x  x  x  x
tenders:reference_grid     grid                 GET     +  +  x  x  x  x  x  x
tenders:templates          -                    GET     +  +  x  x  x  x  x  x
tenders:template           template             GET     +  +  x  x  x  x  x  x
tenders:tender             tender               GET     +  ?  x  +  ?  x  x  x
tenders:draft              -                    GET     +  +  x  x  x  x  x  x
tenders:draft              -                    POST    +  +  x  x  x  x  x  x
tenders:terms              tender               GET     +  ?  x  x  x  x  x  x
tenders:terms              tender               POST    +  ?  x  x  x  x  x  x
tenders:drop               tender               GET     +  ?  x  x  x  x  x  x
tenders:drop               tender               POST    +  ?  x  x  x  x  x  x
tenders:add_lot            tender               GET     +  ?  x  x  x  x  x  x
tenders:add_lot            tender               POST    +  ?  x  x  x  x  x  x
tenders:change_lot         lot                  GET     +  ?  x  x  x  x  x  x
tenders:change_lot         lot                  POST    +  ?  x  x  x  x  x  x
tenders:drop_lot           lot                  GET     +  ?  x  x  x  x  x  x
tenders:drop_lot           lot                  POST    +  ?  x  x  x  x  x  x
tenders:publish            tender               GET     +  ?  x  x  x  x  x  x
tenders:publish            tender               POST    +  ?  x  x  x  x  x  x
tenders:open               tender               GET     +  ?  x  x  x  x  x  x
tenders:open               tender               POST    +  ?  x  x  x  x  x  x
tenders:deadline           tender               GET     +  ?  x  x  x  x  x  x
tenders:deadline           tender               POST    +  ?  x  x  x  x  x  x
tenders:method             lot                  GET     +  ?  x  x  x  x  x  x
tenders:method             lot                  POST    +  ?  x  x  x  x  x  x
tenders:profiles           lot                  GET     +  ?  x  x  x  x  x  x
tenders:profiles           lot                  POST    +  ?  x  x  x  x  x  x
tenders:propose_profiles   lot                  POST    +  ?  x  x  x  x  x  x
tenders:regulation         lot                  GET     +  ?  x  +  ?  x  x  x
tenders:regulation_text    lot,language         GET     +  ?  x  +  ?  x  x  x
tenders:training_copy      tender               POST    +  ?  x  x  x  x  x  x
tenders:enter_bid          lot                  GET     +  ?  x  x  x  x  x  x
tenders:enter_bid          lot                  POST    +  ?  x  x  x  x  x  x
tenders:add_proof          bid                  GET     +  ?  x  x  x  x  x  x
tenders:add_proof          bid                  POST    +  ?  x  x  x  x  x  x
tenders:proof              proof                GET     +  ?  x  +  ?  x  x  x
tenders:withdraw_proof     proof                GET     +  ?  x  x  x  x  x  x
tenders:withdraw_proof     proof                POST    +  ?  x  x  x  x  x  x
tenders:members            bid                  GET     +  ?  x  x  x  x  x  x
tenders:members            bid                  POST    +  ?  x  x  x  x  x  x
tenders:take_origin        bid                  POST    +  ?  x  x  x  x  x  x
tenders:schedule           lot                  GET     +  ?  x  x  x  x  x  x
tenders:schedule           lot                  POST    +  ?  x  x  x  x  x  x
tenders:empty_schedule     lot,language         GET     +  ?  x  x  x  x  x  x
tenders:offer              lot,upload           GET     +  ?  x  x  x  x  x  x
tenders:offer              lot,upload           POST    +  ?  x  x  x  x  x  x
evaluation:lot             lot                  GET     +  ?  x  +  ?  x  x  x
evaluation:score           lot                  POST    +  ?  x  x  x  x  x  x
evaluation:take_marks      lot                  POST    +  ?  x  x  x  x  x  x
evaluation:simulate        lot                  POST    +  ?  x  x  x  x  x  x
evaluation:lift_block      lot,code             GET     +  ?  x  x  x  x  x  x
evaluation:lift_block      lot,code             POST    +  ?  x  x  x  x  x  x
evaluation:ipi_exception   lot                  GET     +  ?  x  x  x  x  x  x
evaluation:ipi_exception   lot                  POST    +  ?  x  x  x  x  x  x
evaluation:bid             decided,bid_key      GET     +  ?  x  +  ?  x  x  x
evaluation:exclude         decided,bid_key      GET     +  ?  x  x  x  x  x  x
evaluation:exclude         decided,bid_key      POST    +  ?  x  x  x  x  x  x
evaluation:group_origin    decided,bid_key      GET     +  ?  x  x  x  x  x  x
evaluation:group_origin    decided,bid_key      POST    +  ?  x  x  x  x  x  x
evaluation:explain         decided,bid_key      GET     +  ?  x  x  x  x  x  x
evaluation:explain         decided,bid_key      POST    +  ?  x  x  x  x  x  x
evaluation:answer_price    examined,bid_key,price_request GET + ? x  x  x  x  x  x
evaluation:answer_price    examined,bid_key,price_request POST + ? x x  x  x  x  x
evaluation:conclude_price  examined,bid_key,price_request GET + ? x  x  x  x  x  x
evaluation:conclude_price  examined,bid_key,price_request POST + ? x x  x  x  x  x
evaluation:regularise      decided,bid_key      GET     +  ?  x  x  x  x  x  x
evaluation:regularise      decided,bid_key      POST    +  ?  x  x  x  x  x  x
evaluation:answer_regularisation examined,bid_key,request GET +  ?  x  x  x  x  x  x
evaluation:answer_regularisation examined,bid_key,request POST + ?  x  x  x  x  x  x
evaluation:conclude_regularisation examined,bid_key,request GET + ? x  x  x  x  x  x
evaluation:conclude_regularisation examined,bid_key,request POST + ? x  x  x  x  x  x
evaluation:version         examined,bid_key,version_number GET + ?  x  +  ?  x  x  x
evaluation:enter_version   examined,bid_key     GET     +  ?  x  x  x  x  x  x
evaluation:enter_version   examined,bid_key     POST    +  ?  x  x  x  x  x  x
evaluation:version_schedule examined,bid_key    GET     +  ?  x  x  x  x  x  x
evaluation:version_schedule examined,bid_key    POST    +  ?  x  x  x  x  x  x
evaluation:version_offer   examined,bid_key,version_upload GET + ?  x  x  x  x  x  x
evaluation:version_offer   examined,bid_key,version_upload POST + ? x  x  x  x  x  x
evaluation:award           lot                  GET     +  ?  x  x  x  x  x  x
evaluation:award           lot                  POST    +  ?  x  x  x  x  x  x
evaluation:end             lot                  GET     +  ?  x  x  x  x  x  x
evaluation:end             lot                  POST    +  ?  x  x  x  x  x  x
evaluation:ranking_csv     decided,sheet_number GET     +  ?  x  +  ?  x  x  x
evaluation:case_json       decided,sheet_number GET     +  ?  x  +  ?  x  x  x
evaluation:sheet_json      decided,sheet_number GET     +  ?  x  +  ?  x  x  x
evaluation:letters         lot                  GET     +  ?  x  +  ?  x  x  x
evaluation:letters         decided              GET     +  ?  x  +  ?  x  x  x
evaluation:record_letters  decided              GET     +  ?  x  x  x  x  x  x
evaluation:record_letters  decided              POST    +  ?  x  x  x  x  x  x
evaluation:letter_paragraph decided,bid_key     GET     +  ?  x  x  x  x  x  x
evaluation:letter_paragraph decided,bid_key     POST    +  ?  x  x  x  x  x  x
evaluation:letter_docx     decided,bid_key      GET     +  ?  x  +  ?  x  x  x
evaluation:letters_zip     decided              GET     +  ?  x  +  ?  x  x  x
evaluation:panel           judged               GET     +  ?  x  x  x  x  x  x
evaluation:progress        judged               GET     +  ?  x  x  x  x  x  x
evaluation:seat            judged               POST    +  ?  x  x  x  x  x  x
evaluation:unseat          judged,seat          POST    +  ?  x  x  x  x  x  x
evaluation:agree           judged               GET     +  ?  x  x  x  x  x  x
evaluation:agree           judged               POST    +  ?  x  x  x  x  x  x
evaluation:keep_agreed     judged               POST    +  ?  x  x  x  x  x  x
evaluation:paste_agreed    judged               GET     +  ?  x  x  x  x  x  x
evaluation:paste_agreed    judged               POST    +  ?  x  x  x  x  x  x
evaluation:undo_agreed     judged               POST    +  ?  x  x  x  x  x  x
evaluation:lock            judged               GET     +  ?  x  x  x  x  x  x
evaluation:lock            judged               POST    +  ?  x  x  x  x  x  x
evaluation:panels          -                    GET     x  x  x  x  x  x  +  x
evaluation:judge           panel                GET     x  x  x  x  x  x  +  x
evaluation:judge           panel                POST    x  x  x  x  x  x  +  x
evaluation:declare         panel                GET     x  x  x  x  x  x  +  x
evaluation:declare         panel                POST    x  x  x  x  x  x  +  x
evaluation:judge           other_panel          GET     x  x  x  x  x  x  ?  x
evaluation:judge           other_panel          POST    x  x  x  x  x  x  ?  x
evaluation:declare         other_panel          POST    x  x  x  x  x  x  ?  x
evaluation:keep_own        panel                POST    x  x  x  x  x  x  +  x
evaluation:paste_own       panel                GET     x  x  x  x  x  x  +  x
evaluation:paste_own       panel                POST    x  x  x  x  x  x  +  x
evaluation:undo_own        panel                POST    x  x  x  x  x  x  +  x
evaluation:keep_own        other_panel          POST    x  x  x  x  x  x  ?  x
evaluation:paste_own       other_panel          GET     x  x  x  x  x  x  ?  x
evaluation:paste_own       other_panel          POST    x  x  x  x  x  x  ?  x
evaluation:undo_own        other_panel          POST    x  x  x  x  x  x  ?  x
evaluation:decisions       -                    GET     +  +  x  +  +  x  x  x
evaluation:decision        decision             GET     +  ?  x  +  ?  x  x  x
evaluation:decision_csv    decision             GET     +  ?  x  +  ?  x  x  x
evaluation:report          decision             GET     +  ?  x  +  ?  x  x  x
evaluation:report_docx     decision             GET     +  ?  x  +  ?  x  x  x
audit:verify               -                    GET     +  +  +  +  +  +  +  x
audit:verifier             -                    GET     +  +  +  +  +  +  +  x
audit:bundle               decision             POST    +  ?  x  +  ?  x  x  x
audit:exports              -                    GET     +  +  x  +  +  x  x  x
audit:new                  -                    POST    +  +  x  +  +  x  x  x
audit:export               export               GET     +  ?  x  ?  ?  x  x  x
audit:download             export               GET     +  ?  x  ?  ?  x  x  x
cashback:estimates         -                    GET     +  +  x  +  +  x  x  x
cashback:new               -                    GET     +  +  x  x  x  x  x  x
cashback:new               -                    POST    +  +  x  x  x  x  x  x
cashback:estimate          estimate             GET     +  ?  x  +  ?  x  x  x
cashback:again             estimate             POST    +  ?  x  x  x  x  x  x
cashback:export            estimate             GET     +  ?  x  +  ?  x  x  x
simulation:archive         -                    GET     x  x  +  x  x  x  x  x
simulation:make_snapshot   -                    POST    x  x  +  x  x  x  x  x
simulation:case            case                 GET     x  x  +  x  x  x  x  x
simulation:sweeps          -                    GET     x  x  +  x  x  x  x  x
simulation:new_sweep       -                    GET     x  x  +  x  x  x  x  x
simulation:new_sweep       -                    POST    x  x  +  x  x  x  x  x
simulation:boxes           -                    GET     x  x  +  x  x  x  x  x
simulation:new_box         -                    GET     x  x  +  x  x  x  x  x
simulation:new_box         -                    POST    x  x  +  x  x  x  x  x
simulation:box             box                  GET     x  x  +  x  x  x  x  x
simulation:box_lot         box,changed          GET     x  x  +  x  x  x  x  x
simulation:box_file        box,extension        GET     x  x  +  x  x  x  x  x
simulation:sweep           sweep                GET     x  x  +  x  x  x  x  x
simulation:sweep_file      sweep,extension      GET     x  x  +  x  x  x  x  x
simulation:switches        curve                GET     x  x  +  x  x  x  x  x
simulation:switches_file   curve,extension      GET     x  x  +  x  x  x  x  x
simulation:compare         sweep                GET     x  x  +  x  x  x  x  x
simulation:look            sweep,scenario       GET     x  x  +  x  x  x  x  x
simulation:look            sweep,scenario       POST    x  x  +  x  x  x  x  x
simulation:look_file       sweep,scenario,extension GET x  x  +  x  x  x  x  x
simulation:changed_lot     sweep,scenario,changed GET   x  x  +  x  x  x  x  x
jobs:list                  -                    GET     +  +  +  +  +  +  +  x
jobs:job                   job                  GET     +  ?  ?  ?  ?  ?  ?  x
jobs:progress              job                  GET     +  ?  ?  ?  ?  ?  ?  x
jobs:cancel                job                  POST    +  ?  ?  ?  ?  ?  ?  x
ledger:record              -                    GET     x  x  x  +  +  +  x  x
ledger:line                line                 GET     x  x  x  +  ?  ?  x  x
ledger:erase               -                    GET     x  x  x  x  x  +  x  x
ledger:erase               -                    POST    x  x  x  x  x  +  x  x
archive-snapshot-list      -                    GET     x  x  +  x  x  x  x  x
archive-snapshot-detail    snapshot             GET     x  x  +  x  x  x  x  x
bid-list                   -                    GET     +  +  x  +  +  x  x  x
bid-list                   -                    POST    +  +  x  x  x  x  x  x
bid-detail                 bid                  GET     +  ?  x  +  ?  x  x  x
bid-exclude                bid                  POST    +  ?  x  x  x  x  x  x
bid-members                bid                  PUT     +  ?  x  x  x  x  x  x
bid-price-requests         bid                  GET     +  ?  x  +  ?  x  x  x
bid-price-requests         bid                  POST    +  ?  x  x  x  x  x  x
bid-answer-price           examined_bid,price_request POST + ? x  x  x  x  x  x
bid-conclude-price         examined_bid,price_request POST + ? x  x  x  x  x  x
bid-regularisations        bid                  GET     +  ?  x  +  ?  x  x  x
bid-regularisations        bid                  POST    +  ?  x  x  x  x  x  x
bid-answer-regularisation  examined_bid,request POST    +  ?  x  x  x  x  x  x
bid-conclude-regularisation examined_bid,request POST   +  ?  x  x  x  x  x  x
bid-versions               bid                  GET     +  ?  x  +  ?  x  x  x
bid-versions               bid                  POST    +  ?  x  x  x  x  x  x
bid-group-origin           bid                  POST    +  ?  x  x  x  x  x  x
bid-stated                 bid                  GET     +  ?  x  +  ?  x  x  x
bid-operator-origin        bid                  POST    +  ?  x  x  x  x  x  x
cashback-estimate-list     -                    GET     +  +  x  +  +  x  x  x
cashback-estimate-list     -                    POST    +  +  x  x  x  x  x  x
cashback-estimate-detail   estimate             GET     +  ?  x  +  ?  x  x  x
criteria-template-list     -                    GET     +  +  x  x  x  x  x  x
criteria-template-detail   template             GET     +  +  x  x  x  x  x  x
decision-list              -                    GET     +  +  x  +  +  x  x  x
decision-detail            decision             GET     +  ?  x  +  ?  x  x  x
job-list                   -                    GET     +  +  +  +  +  +  +  x
job-detail                 job                  GET     +  ?  ?  ?  ?  ?  ?  x
job-cancel                 job                  POST    +  ?  ?  ?  ?  ?  ?  x
lot-list                   -                    GET     +  +  x  +  +  x  x  x
lot-detail                 lot                  GET     +  ?  x  +  ?  x  x  x
lot-detail                 lot                  DELETE  +  ?  x  x  x  x  x  x
lot-announcement           lot                  GET     +  ?  x  +  ?  x  x  x
lot-announcement-text      lot,language         GET     +  ?  x  +  ?  x  x  x
lot-agreed-marks           judged               GET     +  ?  x  x  x  x  x  x
lot-agreed-marks           judged               POST    +  ?  x  x  x  x  x  x
lot-agreed-drafts          judged               GET     +  ?  x  x  x  x  x  x
lot-agreed-drafts          judged               POST    +  ?  x  x  x  x  x  x
lot-agreed-table           judged               GET     +  ?  x  x  x  x  x  x
lot-agreed-table           judged               POST    +  ?  x  x  x  x  x  x
lot-undo-agreed            judged               POST    +  ?  x  x  x  x  x  x
lot-award                  lot                  POST    +  ?  x  x  x  x  x  x
lot-document               lot                  GET     +  ?  x  x  x  x  x  x
lot-document               lot                  PUT     +  ?  x  x  x  x  x  x
lot-end                    lot                  POST    +  ?  x  x  x  x  x  x
lot-empty-schedule         lot,language         GET     +  ?  x  x  x  x  x  x
lot-enter-schedule         lot                  POST    +  ?  x  x  x  x  x  x
lot-explain-abnormally-low lot                  GET     +  ?  x  +  ?  x  x  x
lot-explain-abnormally-low lot                  POST    +  ?  x  x  x  x  x  x
lot-ipi-exception          lot                  POST    +  ?  x  x  x  x  x  x
lot-lift-block             lot                  POST    +  ?  x  x  x  x  x  x
lot-lock-marks             judged               POST    +  ?  x  x  x  x  x  x
lot-mark                   lot                  GET     +  ?  x  +  ?  x  x  x
lot-mark                   lot                  POST    +  ?  x  x  x  x  x  x
lot-method                 lot                  GET     +  ?  x  x  x  x  x  x
lot-method                 lot                  POST    +  ?  x  x  x  x  x  x
lot-panel                  judged               GET     +  ?  x  x  x  x  x  x
lot-profiles               lot                  GET     +  ?  x  x  x  x  x  x
lot-profiles               lot                  PUT     +  ?  x  x  x  x  x  x
lot-propose-profiles       lot                  POST    +  ?  x  x  x  x  x  x
lot-score                  lot                  POST    +  ?  x  x  x  x  x  x
lot-simulate               lot                  POST    +  ?  x  x  x  x  x  x
lot-seat                   judged               POST    +  ?  x  x  x  x  x  x
lot-unseat                 judged               POST    +  ?  x  x  x  x  x  x
lot-schedule               lot                  POST    +  ?  x  x  x  x  x  x
lot-take-marks             lot                  POST    +  ?  x  x  x  x  x  x
panel-list                 -                    GET     x  x  x  x  x  x  +  x
panel-detail               panel                GET     x  x  x  x  x  x  +  x
panel-detail               other_panel          GET     x  x  x  x  x  x  ?  x
panel-declare              panel                POST    x  x  x  x  x  x  +  x
panel-declare              other_panel          POST    x  x  x  x  x  x  ?  x
panel-bids                 panel                GET     x  x  x  x  x  x  +  x
panel-bids                 other_panel          GET     x  x  x  x  x  x  ?  x
panel-give-marks           panel                POST    x  x  x  x  x  x  +  x
panel-give-marks           other_panel          POST    x  x  x  x  x  x  ?  x
panel-drafts               panel                GET     x  x  x  x  x  x  +  x
panel-drafts               panel                POST    x  x  x  x  x  x  +  x
panel-table                panel                GET     x  x  x  x  x  x  +  x
panel-table                panel                POST    x  x  x  x  x  x  +  x
panel-undo                 panel                POST    x  x  x  x  x  x  +  x
panel-drafts               other_panel          GET     x  x  x  x  x  x  ?  x
panel-drafts               other_panel          POST    x  x  x  x  x  x  ?  x
panel-table                other_panel          GET     x  x  x  x  x  x  ?  x
panel-table                other_panel          POST    x  x  x  x  x  x  ?  x
panel-undo                 other_panel          POST    x  x  x  x  x  x  ?  x
policy-list                -                    GET     +  +  +  +  +  +  +  x
policy-detail              policy               GET     +  +  +  +  +  +  +  x
policy-version-list        -                    GET     +  +  +  +  +  +  +  x
policy-version-list        -                    POST    x  x  +  x  x  x  x  x
policy-version-detail      version              GET     +  +  +  +  +  +  +  x
policy-version-approve     version              POST    x  x  +  x  x  x  x  x
policy-version-retire      version              POST    x  x  +  x  x  x  x  x
policy-version-submit      version              POST    x  x  +  x  x  x  x  x
reference-grid-list        -                    GET     +  +  x  x  x  x  x  x
reference-grid-detail      grid                 GET     +  +  x  x  x  x  x  x
proof-list                 -                    GET     +  +  x  +  +  x  x  x
proof-list                 -                    POST    +  +  x  x  x  x  x  x
proof-detail               proof                GET     +  ?  x  +  ?  x  x  x
proof-file                 proof                GET     +  ?  x  +  ?  x  x  x
proof-withdraw             proof                POST    +  ?  x  x  x  x  x  x
sheet-list                 -                    GET     +  +  x  +  +  x  x  x
sheet-detail               sheet                GET     +  ?  x  +  ?  x  x  x
simulation-box-list        -                    GET     x  x  +  x  x  x  x  x
simulation-box-list        -                    POST    x  x  +  x  x  x  x  x
simulation-box-detail      box                  GET     x  x  +  x  x  x  x  x
simulation-box-cancel      box                  POST    x  x  +  x  x  x  x  x
simulation-box-lots        box                  GET     x  x  +  x  x  x  x  x
simulation-box-file        box,extension        GET     x  x  +  x  x  x  x  x
simulation-list            -                    GET     x  x  +  x  x  x  x  x
simulation-list            -                    POST    x  x  +  x  x  x  x  x
simulation-detail          sweep                GET     x  x  +  x  x  x  x  x
simulation-cancel          sweep                POST    x  x  +  x  x  x  x  x
simulation-scenarios       sweep                GET     x  x  +  x  x  x  x  x
simulation-look            sweep,scenario       GET     x  x  +  x  x  x  x  x
simulation-look            sweep,scenario       POST    x  x  +  x  x  x  x  x
simulation-file            sweep,extension      GET     x  x  +  x  x  x  x  x
simulation-switches-file   curve,extension      GET     x  x  +  x  x  x  x  x
simulation-look-file       sweep,scenario,extension GET x  x  +  x  x  x  x  x
supplier-list              -                    GET     +  +  x  x  x  x  x  x
supplier-list              -                    POST    +  +  x  x  x  x  x  x
supplier-detail            supplier             GET     +  +  x  x  x  x  x  x
supplier-operator-origin   supplier             POST    +  +  x  x  x  x  x  x
tender-list                -                    GET     +  +  x  +  +  x  x  x
tender-list                -                    POST    +  +  x  x  x  x  x  x
tender-add-lot             tender               POST    +  ?  x  x  x  x  x  x
tender-deadline            tender               POST    +  ?  x  x  x  x  x  x
tender-detail              tender               GET     +  ?  x  +  ?  x  x  x
tender-detail              tender               DELETE  +  ?  x  x  x  x  x  x
tender-document            tender               GET     +  ?  x  x  x  x  x  x
tender-document            tender               PUT     +  ?  x  x  x  x  x  x
tender-open                tender               POST    +  ?  x  x  x  x  x  x
tender-publish             tender               POST    +  ?  x  x  x  x  x  x
tender-terms               tender               GET     +  ?  x  x  x  x  x  x
tender-terms               tender               PUT     +  ?  x  x  x  x  x  x
tender-training-copy       tender               POST    +  ?  x  x  x  x  x  x
token-list                 -                    GET     +  +  +  +  +  +  +  x
token-list                 -                    POST    +  +  +  +  +  +  +  +
token-detail               token                GET     +  ?  ?  ?  ?  ?  ?  x
token-detail               token                DELETE  +  ?  ?  ?  ?  ?  ?  x
decision-export            decision             GET     +  ?  x  +  ?  x  x  x
decision-bundle            decision             POST    +  ?  x  +  ?  x  x  x
score                      -                    POST    +  +  +  +  +  +  +  x
schema                     -                    GET     +  +  +  +  +  +  +  x
docs                       -                    GET     +  +  +  +  +  +  +  x
"""
NOBODY = "nobody"
REFUSED = {302: "x", 401: "x", 403: "x", 404: "?"}


def rows() -> Iterator[tuple[str, str, str, dict[str, str]]]:
    """URL name, nouns of its arguments, method, and the cell of each reader."""
    for line in TABLE.strip().splitlines():
        name, nouns, method, *cells = line.split()
        yield name, nouns, method, dict(zip((*READERS, NOBODY), cells, strict=True))


def address(name: str, nouns: str, world: World) -> str:
    return reverse(name, args=[] if nouns == "-" else [world.numbers[noun] for noun in nouns.split(",")])


def cell(answer: HttpResponse) -> str:
    """What an answer means in the table; a redirect refuses only where it leads to the log-in page."""
    if answer.status_code == 302 and not answer["Location"].startswith("/login/?next="):
        return "+"
    return REFUSED.get(answer.status_code, "+" if answer.status_code < 500 and answer.status_code != 405 else "broken")


def browser_of(reader: Any) -> Client:
    client = Client(raise_request_exception=False)
    if reader:
        client.force_login(reader)
    return client


def ask(client: Client, method: str, url: str) -> HttpResponse:
    """The answer to a reader's browser, which keeps nothing of it; what it changed is taken back."""
    cookies = copy(client.cookies)
    with transaction.atomic():
        answer = client.generic(method, url, content_type="application/json" if url.startswith("/api/") else "")
        transaction.set_rollback(True)
    client.cookies = cookies
    return answer


@pytest.mark.django_db
def test_every_reader_gets_at_every_address_what_the_table_says() -> None:
    world = build()
    browsers = {kind: browser_of(reader) for kind, reader in (world.readers | {NOBODY: None}).items()}
    wrong = []
    for name, nouns, method, expected in rows():
        url = address(name, nouns, world)
        for kind, browser in browsers.items():
            answer = ask(browser, method, url)
            if cell(answer) != expected[kind]:
                wrong.append(f"{method} {name}: {kind} gets {answer.status_code}, the table says {expected[kind]}")
    assert not wrong, "\n".join(wrong)


def patterns(resolver: URLResolver, space: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every address under its full name."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern, f"{space}{pattern.namespace}:" if pattern.namespace else space)
        else:
            yield f"{space}{pattern.name}", pattern


def test_no_address_is_missing_from_the_table() -> None:
    listed = {(name, method) for name, _nouns, method, _cells in rows()}
    found = set()
    for name, pattern in patterns(get_resolver()):
        offered = [method.upper() for method in getattr(pattern.callback, "actions", {}) if method != "head"]
        methods = offered or [method for listed_name, method in listed if listed_name == name] or ["GET"]
        found |= {(name, method) for method in methods}
    assert found == listed


def test_no_address_is_without_a_name() -> None:
    nameless = [str(pattern.pattern) for name, pattern in patterns(get_resolver()) if name.endswith("None")]
    assert nameless == []

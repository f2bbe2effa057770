from django.urls import path

from procurement.simulation.views import archive, boxes, curves, files, looks, sweeps

app_name = "simulation"
urlpatterns = [
    path("archive/", archive.archive, name="archive"),
    path("archive/snapshots/", archive.make_snapshot, name="make_snapshot"),
    path("archive/cases/<int:pk>/", archive.case, name="case"),
    path("simulations/", sweeps.sweeps, name="sweeps"),
    path("simulations/new/", sweeps.new_sweep, name="new_sweep"),
    path("simulations/boxes/", boxes.boxes, name="boxes"),
    path("simulations/boxes/new/", boxes.new_box, name="new_box"),
    path("simulations/boxes/<uuid:pk>/", boxes.box, name="box"),
    path("simulations/boxes/<uuid:pk>/lots.<slug:extension>", files.box, name="box_file"),
    path("simulations/boxes/<uuid:pk>/lots/<int:number>/", boxes.lot, name="box_lot"),
    path("simulations/<uuid:pk>/", sweeps.sweep, name="sweep"),
    path("simulations/<uuid:pk>/compare/", sweeps.compare, name="compare"),
    path("simulations/<uuid:pk>/simulation.<slug:extension>", files.sweep, name="sweep_file"),
    path("simulations/<uuid:pk>/switches/", curves.switches, name="switches"),
    path("simulations/<uuid:pk>/switches.<slug:extension>", files.switches, name="switches_file"),
    path("simulations/<uuid:pk>/scenarios/<int:scenario>/", looks.look, name="look"),
    path("simulations/<uuid:pk>/scenarios/<int:scenario>/lots.<slug:extension>", files.look, name="look_file"),
    path("simulations/<uuid:pk>/scenarios/<int:scenario>/lots/<int:number>/", looks.explanation, name="changed_lot"),
]

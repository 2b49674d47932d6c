"""What people type and what must then come first: queries over the sample network, each with the first courses in their order."""

GEOMETRY = (
    "jarvilukio/maa3-geometria",
    "harju/maa3-iltaluokka",
    "ulappa/maa3-omaan-tahtiin",
    "koivukoski/maa4-analyyttinen-geometria-ja-vektorit",
)
INTEGRALS = ("jarvilukio/maa7-integraalilaskenta", "ulappa/maa7-omaan-tahtiin")
DERIVATIVE = ("harju/maa6-derivaatta", "kuusikko/maa6-virtuaaliluokka")
BUSINESS_MATHS = ("pohjanranta/maa9-talousmatematiikka", "suvanto/mab6-mab7-omaa-taloutta", "lehtola/mab7-talousmatematiikka")
PYTHON = ("jarvilukio/tv-python-alkeet", "ulappa/tv-python-omaan-tahtiin")
CHEMISTRY = ("kuusikko/ke1-ke2-kemian-alku", "suvanto/ke1-ke2-kaksoistutkinto", "harju/ke-kemian-olympiavalmennus")
PHYSICS = ("lehtola/fy1-fy2-aikuisille", "pohjanranta/fy1-fy2-fysiikan-alku", "lehtola/tuva-fysiikan-ja-kemian-kieli")
HISTORY = (
    "jarvilukio/hi1-ihminen-ymparisto-ja-historia",
    "strand/hi3-det-sjalvstandiga-finlands-historia",
    "lehtola/hi3-itsenaisen-suomen-historia",
)
MATHS = ("ulappa/maa3-omaan-tahtiin", "lehtola/may1-aikuisille", "honkaniemi/maa-kertaus-yo-kokeeseen")
LITERATURE = ("strand/mo4-litteratur", "strand/mo8-litteratur-i-sin-tid")
ECOLOGY = ("strand/bi2-bi3-ekologi-och-ostersjon",)
PROGRAMMING = ("jarvilukio/tv-python-alkeet", "ulappa/tv-python-omaan-tahtiin", "strand/tv-webb-och-python")
EXAM = ("koivukoski/ru-ylioppilaskoe-valmennus", "lehtola/en-ylioppilaskoe-kertaus", "strand/mo10-skrivkompetens")
SAARIKKO = ("jarvilukio/maa3-geometria", "jarvilukio/maa7-integraalilaskenta")

CASES: tuple[tuple[str, tuple[str, ...]], ...] = (
    # base forms and inflected forms, Finnish
    ("geometria", GEOMETRY),
    ("geometrian", GEOMETRY),
    ("geometriaa", GEOMETRY),
    ("geometrialla", GEOMETRY),
    ("derivaatan", DERIVATIVE),
    ("derivaatoilla", DERIVATIVE),
    ("integraalit", INTEGRALS),
    ("integraalien", INTEGRALS),
    ("vektoreiden", ("koivukoski/maa4-analyyttinen-geometria-ja-vektorit", "harju/maa10-3d-geometria")),
    ("todennäköisyyttä", ("koivukoski/maa8-tilastot-ja-todennakoisyys", "lehtola/maa8-aikuiset")),
    ("ohjelmoinnin", PYTHON),
    ("matematiikan kertaus", ("honkaniemi/maa-kertaus-yo-kokeeseen",)),
    ("novellit", ("tuulensuu/to-luova-kirjoittaminen", "tuulensuu/ai4-kertomuksen-lumo")),
    ("energian ja lämmön", ("harju/fy3-energia-ja-lampo",)),
    ("japanin alkeet", ("pohjanranta/ja-b3-alkeet",)),
    ("saamelaiset", ("revontuli/hi-saamelaisten-historia", "revontuli/to-arktinen-elamanpiiri")),
    ("yrittäjyyttä", ("pohjanranta/yr-vuosi-yrittajana", "strand/yr-ett-ar-som-foretagare")),
    # compounds, Finnish
    ("talousmatematiikan", BUSINESS_MATHS),
    ("aallot", ("jarvilukio/fy4-fy5-voima-ja-liike", "pohjanranta/maa5-jaksolliset-ja-eksponentiaaliset-mallit")),
    ("ydinfysiikka", ("honkaniemi/fy8-aine-sateily-kvantittuminen",)),
    ("avaruusgeometria", ("harju/maa10-3d-geometria",)),
    ("sinilauseella", ("jarvilukio/maa3-geometria",)),
    ("ylioppilaskirjoitukset", EXAM),
    ("yo-kokeeseen", ("honkaniemi/maa-kertaus-yo-kokeeseen",)),
    ("kirjoitukset", EXAM),
    ("yokoe", EXAM),
    ("ylioppilaskoe", EXAM[:2]),
    ("olympiavalmennus", ("harju/ke-kemian-olympiavalmennus",)),
    ("taidehistoria", ("kuusikko/ku4-taiteen-monet-maailmat",)),
    ("lakitieto", ("lehtola/yh4-lakitieto-arjessa",)),
    # codes in any spelling
    ("MAA7", INTEGRALS),
    ("maa7", INTEGRALS),
    ("MAA07", INTEGRALS),
    ("maa 7", INTEGRALS),
    ("maa-7", INTEGRALS),
    ("MAA7.1", INTEGRALS),
    ("MAA7.ni", INTEGRALS),
    ("MAA7 integraali", INTEGRALS),
    ("maa10", ("harju/maa10-3d-geometria",)),
    ("FY4 FY5", ("jarvilukio/fy4-fy5-voima-ja-liike",)),
    ("FY4-5", ("jarvilukio/fy4-fy5-voima-ja-liike",)),
    ("äi02", ("kuusikko/ai2-ai3-kieli-ja-vuorovaikutus",)),
    ("AI2", ("kuusikko/ai2-ai3-kieli-ja-vuorovaikutus",)),
    ("S201", ("lehtola/s21-suomea-lukioon",)),
    ("RUB11", ("jarvilukio/rub11-rub12-ruotsi-arjessa",)),
    # letters without their dots, and capitals
    ("aidinkieli", ("kivisalmi/am-viestinta-aidinkielella", "revontuli/ais4-saamelainen-kirjallisuus")),
    ("ÄIDINKIELI", ("kivisalmi/am-viestinta-aidinkielella",)),
    ("sahko", ("koivukoski/fy6-sahko",)),
    ("ostersjon", ECOLOGY),
    # slips of the finger
    ("geometra", GEOMETRY),
    ("gometria", GEOMETRY),
    ("fysikka", PHYSICS),
    ("hisotria", HISTORY),
    ("psygologia", ("jarvilukio/ps-yo-valmennus",)),
    ("filosofai", ("honkaniemi-aikuiset/fi1-johdatus-filosofiaan",)),
    ("ohjelmonti", PYTHON),
    ("pitkä matematikka", ("ulappa/maa3-omaan-tahtiin", "honkaniemi/maa-kertaus-yo-kokeeseen")),
    # what students say
    ("matikka", MATHS),
    ("matikan", MATHS),
    ("talousmatikka", BUSINESS_MATHS),
    ("kemma", CHEMISTRY),
    ("fysa", PHYSICS),
    ("hissa", HISTORY),
    ("psyka", ("jarvilukio/ps-yo-valmennus",)),
    ("koodaus", PYTHON),
    ("koodata", PROGRAMMING),
    ("köksä", ("kuusikko/kold1-kotitalousdiplomi",)),
    ("kemian kurssi", CHEMISTRY),
    # schools and teachers
    ("saarikko", SAARIKKO),
    ("olli saarikko", SAARIKKO),
    ("jarvilukio geometria", ("jarvilukio/maa3-geometria",)),
    ("geometria ulappa", ("ulappa/maa3-omaan-tahtiin",)),
    # while it is typed
    ("geom", GEOMETRY),
    ("integr", INTEGRALS),
    # Swedish
    ("derivatan", ("strand/maa6-derivata",)),
    ("matematikkursen i derivata", ("strand/maa6-derivata",)),
    ("litteraturen", LITERATURE),
    ("litteraturhistoria", ("strand/mo8-litteratur-i-sin-tid",)),
    ("ekologi", ECOLOGY),
    ("foretagare", ("strand/yr-ett-ar-som-foretagare",)),
    ("kraft", ("strand/fy4-kraft-och-rorelse",)),
    ("bildkonst", ("strand/kuld2-gymnasiediplom-i-bildkonst", "jarvilukio/kuld2-kuvataidediplomi")),
    ("ekvationer", ("jarvilukio/maa2-funktiot-ja-yhtalot-1", "strand/may1-tal-och-ekvationer")),
    ("litteratru", LITERATURE),
    ("studentexamen", ("strand/mo10-skrivkompetens", *EXAM[:2])),
    ("studentskrivningarna", EXAM),
    ("programmering", ("strand/tv-webb-och-python", "jarvilukio/tv-python-alkeet")),
    ("kodning", PROGRAMMING),
    # English
    ("academic writing", ("honkaniemi/ko-academic-writing",)),
    ("essays", ("honkaniemi/ko-academic-writing",)),
    ("societies", ("honkaniemi/yh1-finnish-society",)),
    ("creative writing", ("kuusikko/ena3-creative-english",)),
    ("chemical energy", ("jarvilukio/ke5-chemical-energy",)),
    ("matriculation exam", EXAM),
    ("final exam", EXAM),
    ("English matriculation exam", ("lehtola/en-ylioppilaskoe-kertaus",)),
    ("programming", PROGRAMMING),
    ("Python coding", PROGRAMMING),
    ("code", PROGRAMMING),
    ("academc writing", ("honkaniemi/ko-academic-writing",)),
)

# What finds nothing, and what is then offered instead.
NOTHING: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("xyzzyq", ()),
    ("MAA1", ("MAA2", "MAA3", "MAA4")),
    ("FY99", ()),
    ("kvanttigravitaatio", ()),
    ("geometria xyzzyq", ()),
)

# A query, a title, and the letters of it that are marked.
MARKS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("geometria", "Geometria", ("Geometria",)),
    ("geom", "Geometria", ("Geom",)),
    ("geometria", "Pitkän matematiikan geometriaa", ("geometriaa",)),
    ("matematiikka", "Talousmatematiikkaa lukujonoilla", ("matematiikkaa",)),
    ("matem", "Talousmatematiikkaa lukujonoilla", ("matem",)),
    ("fysikka", "Fysiikan alku", ("Fysiikan",)),
    ("matikka", "Lyhyen matematiikan tilastot", ("matematiikan",)),
    ("aidinkieli", "Viestintä äidinkielellä", ("äidinkielellä",)),
    ("pitkä geometria", "Pitkän matematiikan geometria", ("Pitkän", "geometria")),
    ("MAA7", "MAA7 Integraalilaskenta", ("MAA7",)),
    ("integraali", "MAA7 Integraalilaskenta", ("Integraali",)),
    ("xyzzyq", "Geometria", ()),
)

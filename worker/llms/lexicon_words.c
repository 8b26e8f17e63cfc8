#include "worker/llms/lexicon_words.h"

#include "worker/llms/lexicon.h"

#include <stddef.h>

static const struct lexicon lexicons[] = {
    {
	.marks = "the and of to is for with that this are from your how on"
		 " by",
	.openers = "a about above accept access accompany achieve acquire"
		   " across act activity adapt add additional address"
		   " adjust administer adopt advanced advantage advice"
		   " advise affect after against agenda aggregate aim alert"
		   " align all allow along alongside also alternatively"
		   " although among an analyse analyze and announce annual"
		   " another answer any anyone api appear apply approach"
		   " approve archive are argue around arrange article as"
		   " ask aspect assemble assess assign assist assume assure"
		   " at attach attempt attract authenticate author"
		   " authorise authorize automate avoid away background"
		   " base basic because become before begin beginner behind"
		   " below beneath benefit beside besides best between"
		   " beyond bibliography bind biography blend blog book"
		   " boost both break bridge brief briefly bring broaden"
		   " brochure browse build built bundle but buy by"
		   " calculate calendar call can capture care career carry"
		   " catalog catalogue category cater cause celebrate"
		   " center centre certify challenge change chapter chart"
		   " check checklist choice choose chosen chronicle cite"
		   " claim clarify class classic classify clean clear"
		   " clearly close coach code collect collection column"
		   " combine come comment commit common communicate"
		   " community company compare comparison compile"
		   " complement complete complex comply comprehensive"
		   " comprise compute concentrate concept concern concise"
		   " conclude conclusion conduct configure confirm connect"
		   " consider consist construct consult contact contain"
		   " content context continue contrast contribute control"
		   " convert convey coordinate core correct cost could"
		   " count course cover craft create critical critique"
		   " curate current currently customer customise customize"
		   " cut daily data date deal debate debug decide declare"
		   " decode decrease dedicate deep deepen deeper define"
		   " definition deliver delve demonstrate depend depict"
		   " deploy derive describe description design despite"
		   " detail detailed detect determine develop developer"
		   " development devote diagnose diagram did differ"
		   " difference different differentiate direct directory"
		   " disable disclose discover discuss discussion display"
		   " dissect distinguish distribute dive divide do document"
		   " documentation does donate done down download draw"
		   " drawn drive driven drop due during each early earn"
		   " easily easy edit edition editor educate effective"
		   " efficient eight either elaborate elevate eliminate"
		   " else embed embrace emphasise emphasize employ empower"
		   " enable encode encourage encrypt end engage english"
		   " enhance enjoy enrich enroll ensure enter entertain"
		   " entire entry enumerate episode equip error essay"
		   " essential establish estimate evaluate even event ever"
		   " every everyone everything evoke evolve exact examine"
		   " example except excerpt exclude execute exercise"
		   " exhibit exhibition exist expand experience experiment"
		   " expert explain explanation explore export expose"
		   " express extend extensive extra extract facilitate fact"
		   " familiarise familiarize famous faq fast feature fetch"
		   " few figure file fill filter final find first fit five"
		   " fix flexible focus follow for forecast form format"
		   " formulate foster found four free frequently friendly"
		   " from full fully function fund fundamental further"
		   " furthermore gain gallery gather general generally"
		   " generate get give given gives glossary go goal goes"
		   " going good govern great group grow guarantee guidance"
		   " guide had half handbook handle hands-on handy happen"
		   " has have he hear held help helpful her here hidden"
		   " hide highlight him hint his historic historical"
		   " history hold home honor honour host hour however idea"
		   " ideal identify if illustrate image imagine implement"
		   " import important improve in in-depth include"
		   " incorporate increase index individual influence info"
		   " inform information initial initiate inside insight"
		   " inspect inspiration inspire install instead"
		   " instruction integrate intend interact interactive"
		   " interesting internal international interpret interview"
		   " into introduce introduction introductory invest"
		   " investigate invite involve is isolate issue it item"
		   " its job join journey justify keep kept key keyword"
		   " know known label lack landing language large last late"
		   " latest lay lead learn learner leave lecture led legal"
		   " lend less lesson let level leverage library license"
		   " lift like limit link list listen listing little live"
		   " load local locate location log look low lower made"
		   " main mainly maintain major make manage manual many map"
		   " match material matter maximise maximize me mean"
		   " meaning measure meet member mention menu merge message"
		   " method migrate minimise minimize minor minute mistake"
		   " mix modern modify module monitor monthly more moreover"
		   " most mostly motivate move much multiple must my name"
		   " narrate national navigate near need neither never new"
		   " news newsletter next nine no nobody none nor not"
		   " notable note notes nothing notice notify now number"
		   " objective observe obtain occur of off offer official"
		   " often old omit on once one online only onto open"
		   " operate opinion opportunity optimise optimize option"
		   " or order organize origin original originally other our"
		   " out outline outside over oversee overview own owner"
		   " page pair paper parse part participant participate"
		   " past pay people per perfect perform perhaps permit"
		   " person personal perspective persuade photo pick"
		   " picture piece pinpoint place plan play plus point"
		   " policy popular portal pose position possible post"
		   " powerful practical practice predict prepare prescribe"
		   " present presentation preserve prevent previous price"
		   " primarily primary principle print prioritise"
		   " prioritize privacy probe problem procedure proceed"
		   " process produce product professional profile prohibit"
		   " project promise promote proposal propose protect prove"
		   " provide public publish purpose pursue push put qualify"
		   " question quick quickly quote raise range rank rare"
		   " rate rather reach react read reader ready real realise"
		   " realize reason recall receive recent recipe recognise"
		   " recognize recommend record recount recover recruit"
		   " reduce refer reference refine reflect reflection"
		   " regardless regional register registration regular"
		   " regulate reinforce relate related release relevant"
		   " reliable rely remain remind remove render repair"
		   " repeat replace reply report represent reproduce"
		   " request require requirement research reserve reset"
		   " resolve resource respond response restore restrict"
		   " result retain retrieve return reveal review revise"
		   " revolve rich roundup rule run safe safeguard same"
		   " sample satisfy save say scan schedule scope screenshot"
		   " search section secure see seek seen select sell send"
		   " sent separate series serve service session set setting"
		   " settle setup seven several shape share she shed short"
		   " should show showcase shown sign similar simple"
		   " simplify simply simulate since single six sketch skill"
		   " slide small so sold solution solve some someone"
		   " something sort source span speak special specialise"
		   " specialize specific specification specify split"
		   " spotlight stage stand standard standardise standardize"
		   " start state statement statistic stay step step-by-step"
		   " still store story strategy streamline strengthen"
		   " stress strong structure student study subject submit"
		   " subscribe substitute successful such suggest"
		   " suggestion suit suitable summarise summarize summary"
		   " supervise supply support survey switch synopsis"
		   " synthesise synthesize system table tackle tailor take"
		   " taken talk task teach teacher team technical technique"
		   " technology tell template ten term test text than that"
		   " their them theme then theory there therefore these"
		   " they things think thorough those though thought three"
		   " through throughout thus tie till timeline tip title"
		   " today together told tool top topic total touch tour"
		   " toward towards trace track traditional train"
		   " transcript transfer transform translate travel treat"
		   " trend trigger trouble troubleshoot true try turn"
		   " tutorial twice two types typical typically uncover"
		   " under underline underscore understand unify unique"
		   " unite unless unlike unlock unpack until unveil up"
		   " upcoming update upgrade upon urge us usage use useful"
		   " user usually utilise utilize validate valuable value"
		   " various vary verify version very via video view visit"
		   " visitor visual visualise visualize wait walk want warn"
		   " warning was watch way we website weekly weigh welcome"
		   " were what when whenever where whereas wherever whether"
		   " which whichever while who whole why wide wish with"
		   " within without wonder work workflow workshop worldwide"
		   " would wrap write written year yearly yet you",
	.titles = "about access advanced all and api app basic beginner"
		  " best build check checklist choose community complete"
		  " concept configure contact create documentation example"
		  " faq feature first for free from get getting guide help"
		  " home how information install into introduction key"
		  " learn list made make manage manual more new news note"
		  " notes of online our overview page part policy practice"
		  " principle privacy question quick reference resource"
		  " review setup simple started step story support terms"
		  " the tip to tool tutorial understand update use user"
		  " using what when where why with work you your",
	.forms = "s es ed d ing",
	.verbs = "es ing",
	.objects = "the a an how what which why when where whether"
		   " your its their",
	.endings = "",
	.plain = "ive ous ful less able ible ical tion tions sion sions ness"
		 " ment ments ity ities ally ingly",
    },
    {
	.marks = "der die das und ist mit von zu den für nicht ein eine auf"
		 " des wie im",
	.openers =
	    "aktuelle alle alles als am an anhand anleitung anmelden"
	    " antworten auch auf auflistung ausführliche auswählen"
	    " bearbeiten bedeutet befasst beginnen begründet behandelt"
	    " beheren bei beim beispiele beispielen beleuchtet bericht "
	    "berichtet"
	    " beschreibt beschreibung bestimmt betrachtet bietet dabei"
	    " damit danach daneben dann darstellung das dazu definiert"
	    " demonstriert detaillierte dient diese dieser dieses"
	    " diskutiert dokumentation dokumentiert durch ein eine"
	    " einfache einführung eingehende einige einleitung"
	    " einrichten empfehlungen empfiehlt enthält er erfahren"
	    " erklärt erklärung erlaubt erläutert erläuterung"
	    " ermöglicht erste erstellen erzählt erörtert es fasst"
	    " finden fragen führt für ganz gegenüberstellung geht"
	    " gibt grundlagen grundlegende handbuch hier hilfe hilft"
	    " hinweise hinweisen hinzufügen häufige ihr im in informationen"
	    " informiert inhalt installieren ist jede kann kapitel"
	    " konfigurieren konkrete kontakt kurze kurzer lehrt"
	    " leitfaden lernen lesen liefert lies liste listet man mehr"
	    " mit möglichkeiten nach neben nennt neue nutzen"
	    " nützliche ob oder ohne porträt praktische preise"
	    " präsentiert prüfen rat ratgeber referenz regeln richtet"
	    " sammelt sammlung schildert schritt sichern sie siehe so"
	    " starten startseite stellt suche testen thema tipps um"
	    " umfassende und unter unterschiede untersucht verfolgt"
	    " vergleich vergleicht vermittelt verstehen verwalten"
	    " verweist verwenden viele vom von vor voraussetzungen"
	    " vorgestellt vorstellung wann warnt warum was weitere"
	    " welche wenn wer wichtige wie wir wo worauf wählen zeigt"
	    " zu zum zur zusammenfassung zusätzliche zwei zählt über"
	    " überblick übersicht",
	.endings = "e en er ern em es n ns t te ten st",
	.plain = "ung ungen heit heiten keit keiten schaft schaften tion"
		 " tionen tät täten nis nisse ismus",
	.declines = true,
	.compounds = true,
    },
    {
	.marks = "le la les des et est une du que pour dans avec sur pas qui"
		 " aux de en un",
	.openers = "aborde accueil affiche aide ajoute ajouter analyse aperçu"
		   " apprend apprendre apprenez après articles au aussi avant"
		   " avec bases bienvenue ce ces cet cette chapitre choisir"
		   " commencer comment comparaison compare comprendre"
		   " configurer configurez conseils consulter contenu contient"
		   " créer créez d dans de des description deux différences"
		   " documentation donne du découvrez découvrir décrit"
		   " définit démontre détaille détails elle en enseigne et"
		   " examine exemples explication explications explique"
		   " explore expose fait fiche fournit guide gérer gérez ici"
		   " il illustre indique informations informe initiation"
		   " installer installez instructions introduction l la lancer"
		   " le les lire lisez liste manuel mode montre méthodes"
		   " notes notice nous offre on où page par parcourt partie"
		   " permet plusieurs pour pourquoi principes procédure"
		   " propose précise présentation présente quand que quel"
		   " quelle quelles quels questions qui raconte rappelle"
		   " rassemble recense recommandations regroupe renseignements"
		   " référence résume résumé s sa sauvegarder section ses"
		   " si son suivre sur survol tableau tester tous tout toutes"
		   " traite trouver trouvez tutoriel un une utiliser utilisez"
		   " voici vous vue vérifier vérifiez à énumère étape"
		   " étapes étudie évoque",
	.endings = "er ez ent ant é ée és ées ation ations tion ement"
		   " ements ir it issant e es eur eurs",
	.plain = "tion tions ment ments ité ités ance ances ence ences",
    },
    {
	.marks = "el los las que y una del por con para como más es se su"
		 " al de la en un",
	.openers = "a actualizar además al algunas algunos analiza antes"
		   " aprenda aprende aprender aquí artículo así ayuda"
		   " añadir cambiar capítulo comenzar compara comparación"
		   " comprender comprobar con configurar configure conocer"
		   " consejos consulta consulte contiene crear cuando cubre"
		   " cuenta cuál cuáles cuándo cómo da de define del"
		   " demuestra descargar describe descripción descubra"
		   " descubre detalla detalles documentación dos dónde e"
		   " ejemplos el elegir eliminar ella en enseña entender"
		   " enumera es esta este estos estudia examina explica"
		   " explicación explora expone gestionar guardar guía hacer"
		   " hay incluye indica informa información iniciar instalar"
		   " instale instrucciones introducción la las lea leer lista"
		   " lo los manual muestra método métodos notas o obtener"
		   " ofrece para pasos permite por porqué precios presenta"
		   " presentación procedimiento proporciona página que"
		   " quién qué recoge recomienda referencia repasa resume"
		   " resumen reúne se sección según si sobre su sugiere"
		   " todo todos trata tutorial un una usar use uso utilice ver"
		   " visión y",
	.endings = "ar er ir ación aciones ción ciones ado ada ados adas"
		   " ando iendo o a os as e an en",
	.plain = "ción ciones dad dades miento mientos encia encias mente",
    },
    {
	.marks = "il gli che di e per una con del della è sono non nel le"
		 " si la in un",
	.openers = "a aggiornare aggiunge aggiungere aiuta al alcuni analizza"
		   " anche approfondisce avviare capire capitolo che chi come"
		   " con configura configurare confronta confronto consigli"
		   " contiene controllare cos cosa creare da definisce dei del"
		   " della delle descrive descrizione dettagli di dimostra"
		   " documentazione dove due e ecco elenca elenco esamina"
		   " esempi esplora espone fornisce gestire gli guida ha i il"
		   " illustra impara imparare in include indica informazioni"
		   " iniziare insegna installa installare introduce"
		   " introduzione istruzioni l la le leggere leggi lista lo"
		   " manuale metodi mostra nel note offre ogni ottenere pagina"
		   " panoramica passi per perché permette precisa presenta"
		   " presentazione prima procedura propone quale quali quando"
		   " qui raccoglie racconta riassume riepilogo riferimento"
		   " rimuovere scaricare scegliere scopri se sezione si spiega"
		   " spiegazione su suggerimenti suggerisce sugli tratta"
		   " trovare tutorial tutti tutto un una usare uso utilizzare"
		   " vedi verificare vista è",
	.endings = "are ere ire azione azioni zione zioni ato ata ati ate ando"
		   " endo o a i e",
	.plain = "zione zioni mento menti ità enza enze mente",
    },
    {
	.marks = "os que do da em um uma para com não as dos é por ao se"
		 " de",
	.openers = "a aborda acrescenta adicionar ajuda algumas alguns além"
		   " analisa antes ao aprenda aprender apresenta"
		   " apresentação aqui artigo as atualizar baixar capítulo"
		   " com começar como compara comparação compreender"
		   " configurar configure conhecer conheça conselhos consulte"
		   " contém criar da das de define demonstra descreve"
		   " descrição descubra detalha detalhes dicas discute do"
		   " documentação dois dá e ela ele em ensina entenda"
		   " entender enumera escolher esta este estuda etapas examina"
		   " exemplos explica explicação explora expõe fazer"
		   " fornece gerenciar guia há ilustra inclui indica informa"
		   " informações iniciar instalar instale instruções"
		   " introdução leia lista lê manual mostra métodos na no"
		   " nota notas o obter oferece onde os para passos permite"
		   " por porque preços procedimento página quais qual quando"
		   " que quem recomenda referência remover resume resumo"
		   " reúne saiba se seção sobre sugere todas todo todos"
		   " trata traz tutorial um uma usar use uso veja verificar"
		   " visão à",
	.endings = "ar er ir ação ações ção ções ado ada ados adas"
		   " ando o a os as e am",
	.plain = "ção ções dade dades mento mentos ência ências mente",
    },
    {
	.marks = "het een van de en is voor dat met niet zijn op te aan door"
		 " in",
	.openers = "aan achtergrond alle als antwoorden artikel beginnen"
		   " behandelt beheer beheren bekijkt beschrijft beschrijving"
		   " bevat biedt bij bijwerken configureren controleert"
		   " controleren daarna dan dat de deze die dit documentatie"
		   " door downloaden een eenvoudige en enkele er ervaar gaat"
		   " gebruik geeft gids handleiding helpt het hier hoe"
		   " hoofdstuk hulp ieder in inclusief informatie inleiding"
		   " installeren instellen instructies introduceert"
		   " introductie is kies kiezen kort laat leer leert lees legt"
		   " leren lezen lijst maakt maken meer met methoden na naar"
		   " noemt of om omschrijft onderzoekt ontdek op over"
		   " overzicht pagina presenteert procedure referentie"
		   " samenvatting schetst somt stap stappen te tips toevoegen"
		   " toont tot twee uit uitleg van vat vergelijking vergelijkt"
		   " verklaart vertelt verwijderen vind vinden voor"
		   " voorbeelden waar waarom wanneer wat welke wie wijst zie"
		   " zo",
	.endings = "en t n s e ing ingen er ers de te ren",
	.plain = "ing ingen heid heden tie ties teit teiten",
    },
    {
	.marks = "och att är som för på av med det till den inte om",
	.endings = "",
	.plain = "",
	.declines = true,
	.compounds = true,
    },
    {
	.marks = "og at er som det til på af med for ikke den",
	.endings = "",
	.plain = "",
	.declines = true,
	.compounds = true,
    },
    {
	.marks = "się nie jest na że do oraz przez dla jak lub są",
	.endings = "",
	.plain = "",
	.declines = true,
    },
    {
	.marks = "se je na že pro jak nebo jsou při které jako aby",
	.endings = "",
	.plain = "",
	.declines = true,
    },
    {
	.marks = "sa je na že pre ako alebo sú pri ktoré",
	.endings = "",
	.plain = "",
	.declines = true,
    },
    {
	.marks = "je na da se za koji kako ili su što i",
	.endings = "",
	.plain = "",
	.declines = true,
    },
    {
	.marks = "és az egy hogy nem is meg vagy ezt",
	.endings = "",
	.plain = "",
	.declines = true,
	.compounds = true,
    },
    {
	.marks = "ja on ei että joka ovat sekä tai kun",
	.endings = "",
	.plain = "",
	.declines = true,
	.compounds = true,
    },
    {
	.marks = "ja on ei et mis kui oma või see",
	.endings = "",
	.plain = "",
	.declines = true,
	.compounds = true,
    },
    {
	.marks = "ve bir bu için ile nasıl olarak da de",
	.endings = "",
	.plain = "",
	.declines = true,
    },
    {
	.marks = "și în este nu pentru cu care din sau mai",
	.endings = "",
	.plain = "",
	.declines = true,
    },
    {
	.marks = "ir yra kad su kaip iš ar tai",
	.endings = "",
	.plain = "",
	.declines = true,
    },
    {
	.marks = "и в не на что как для или по это",
	.endings = "",
	.plain = "",
	.declines = true,
    },
    {
	.marks = "і в не на що як для або це та",
	.endings = "",
	.plain = "",
	.declines = true,
    },
    {
	.marks = "και το του να της με για που στο"
		 " είναι",
	.endings = "",
	.plain = "",
	.declines = true,
    },
};

/* Of a line that is in none of them and not in ASCII either. */
static const struct lexicon unknown = {
    .marks = "",
    .endings = "",
    .plain = "",
    .declines = true,
};

size_t
lexicon_count(void)
{
	return sizeof(lexicons) / sizeof(lexicons[0]);
}

const struct lexicon *
lexicon_at(size_t i)
{
	return &lexicons[i];
}

const struct lexicon *
lexicon_unknown(void)
{
	return &unknown;
}

#include "worker/llms/tongue_words.h"

#include "worker/llms/tongue.h"

#include <stddef.h>

static const struct tongue tongues[] = {
    {
	.marks = "the and of to is for with that this are from your how on"
		 " by",
	.openers = "a about access add additional adopt advanced advice all"
		   " also an analyse analyze announce annual answer any api"
		   " apply archive article ask assess background basic before"
		   " begin best biography blog book brief bring browse build"
		   " buy calculate career catalog catalogue change chapter"
		   " check choose clarify clear code collect combine common"
		   " company compare complete comprehensive concise configure"
		   " connect consult contact contain contrast convert cover"
		   " create current customer data deal deeper define"
		   " demonstrate describe description detail developer"
		   " development difference discover discuss display document"
		   " documentation download each easy edit enable end english"
		   " essay event every everything examine example expand"
		   " explain explanation explore extensive extract faq feature"
		   " fetch find first follow form free frequently full further"
		   " gallery general get give gives go great guidance guide"
		   " hands-on help here hint history home host illustrate"
		   " implement important in include index info information"
		   " inspect install instruction interview introduce"
		   " introduction introductory investigate issue it its job"
		   " join keep key know landing latest lead learn legal lesson"
		   " let library link list live load locate log look main make"
		   " manage manual many map meet mention method monitor more"
		   " most navigate need new news note notes notice obtain"
		   " offer official one online open option order organize our"
		   " outline overview page part pick plan point policy portal"
		   " post practical present price privacy procedure product"
		   " profile project provide publish question quick quote"
		   " raise read reason recipe recommend record refer reference"
		   " release remove render report request require research"
		   " resource return reveal review run sample save say"
		   " schedule search section see select sell send series serve"
		   " set setup several share short show sign simple solve some"
		   " source specify stage start state step step-by-step story"
		   " strategy study submit subscribe suggest summarise"
		   " summarize summary supply support survey table take talk"
		   " teach technical tell term test that their then there"
		   " these they things thorough those through tip tool topic"
		   " tour trace track treat trouble troubleshoot try tutorial"
		   " types under understand update upgrade use user various"
		   " version view visit walk want warn way welcome what when"
		   " where whether which while who why work write you",
	.endings = "",
	.plain = "ive ous ful less able ible ical tion tions sion sions ness"
		 " ment ments ity ities ally ingly",
    },
    {
	.marks = "der die das und ist mit von zu den für nicht ein eine auf"
		 " des wie im",
	.openers = "aktuelle alle alles als am an anhand anleitung anmelden"
		   " antworten auch auf auflistung ausführliche auswählen"
		   " bearbeiten bedeutet befasst beginnen begründet behandelt"
		   " beheren bei beim beispiele beleuchtet bericht berichtet"
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
		   " hinweise hinzufügen häufige ihr im in informationen"
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
static const struct tongue unknown = {
    .marks = "",
    .endings = "",
    .plain = "",
    .declines = true,
};

size_t
tongue_count(void)
{
	return sizeof(tongues) / sizeof(tongues[0]);
}

const struct tongue *
tongue_at(size_t i)
{
	return &tongues[i];
}

const struct tongue *
tongue_unknown(void)
{
	return &unknown;
}

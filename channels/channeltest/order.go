package channeltest

import (
	"fmt"
	"strings"

	"github.com/openmip/openmip/mip"
)

// buyers are invented people at addresses that do not exist, one per country.
var buyers = [...]mip.Address{
	{FirstName: "Lucía", LastName: "Fernández Prueba", Line1: "Calle del Ejemplo 12", Line2: "3º izquierda", City: "Valencia", Province: "V", Postcode: "46021", Country: "ES", Phone: "+34600000001"},
	{FirstName: "Jürgen", LastName: "Musterfrau-Groß", Company: "Beispiel GmbH", Line1: "Musterstraße 7", City: "Köln", Postcode: "50667", Country: "DE", Phone: "+4915100000002"},
	{FirstName: "Zoé", LastName: "D'Exemple", Line1: "3 rue de l'Essai", Line2: "bâtiment B", City: "Lyon", Postcode: "69002", Country: "FR", Phone: "+33600000003"},
	{FirstName: "Niccolò", LastName: "Esempio", Line1: "Via della Prova 45/A", City: "Torino", Province: "TO", Postcode: "10121", Country: "IT", Phone: "+393000000004"},
	{FirstName: "Łukasz", LastName: "Przykładowy", Line1: "ul. Próbna 8 m. 15", City: "Łódź", Postcode: "90-001", Country: "PL", Phone: "+48500000005"},
	{FirstName: "João", LastName: "Exemplo", Line1: "Rua do Ensaio 101", Line2: "2.º Dto", City: "Porto", Postcode: "4000-001", Country: "PT", Phone: "+351900000006"},
}

// goods are what buyers choose from. The SKUs are those of the products that
// bigbuytest sells by default, the prices well above what they cost there: from
// one warehouse or two, an order is worth buying.
var goods = [...]struct {
	sku, title string
	cents      int64
}{
	{"S0000001", "Desk lamp", 14_99},
	{"S0000002", "Mug", 17_50},
	{"S0000004", "Kettle", 44_90},
	{"S0000005", "Toaster", 49_00},
}

// Order returns the n-th of an endless row of orders, always the same for one
// n: a buyer in one of six countries, one to three lines of one to three
// pieces, prices in euro that add up. The default catalogue of bigbuytest has
// the products in stock for some hundreds of them, and the standard rules let
// them pass. Ids and times are left to the shop.
func Order(n int) mip.Facts {
	n = max(n, -n)
	f := mip.Facts{
		Demand:  mip.DemandShip,
		ShipTo:  buyers[n%len(buyers)],
		Postage: mip.EUR(int64(290 + n%5*100)),
		Service: [...]string{"Standard", "Express 24h"}[n%2],
	}
	f.ShipTo.Email = fmt.Sprintf("buyer.%d@example.org", n)
	if n%3 == 1 {
		f.Note = fmt.Sprintf("Please leave parcel %d with the neighbours.", n)
	}
	total := f.Postage
	for i := range 1 + n%3 {
		g, pieces := goods[(n+i)%len(goods)], 1+(n+i)%3
		l := mip.Line{
			SKU: g.sku, Title: g.title, Quantity: pieces,
			Total: mip.EUR(g.cents + int64(n*37%1000)).Times(pieces),
		}
		f.Lines = append(f.Lines, l)
		total, _ = total.Add(l.Total)
	}
	f.Total = total
	return f
}

// hostileText are strings that break careless decoders, loggers, templates,
// queries and string cutters. None has outer spaces, which platforms trim.
var hostileText = [...]string{
	`O"Neill \ <b>&amp;</b> ' OR 1=1 --`,
	"\u202Eevil\u202C right\u200Bto\u00ADleft",
	"👩‍👩‍👧‍👦🏳️‍🌈 e\u0301\u0302\u0303 ﬁ",
	"Ψυχή Ёлка עברית عربى 漢字 한글",
	"%s%d%n {{7*7}} ${jndi:x} $(id) `id`",
	"A\u2028B\u2029C\uFEFFD\uFFFDE",
	"İstanbul ẞ ß ŉ Ǆ K",
	"null",
	"00012,50",
}

// Hostile returns [Order] n with every text in it hostile; amounts, pieces,
// country and e-mail stay sane. Different n put different texts into a field.
func Hostile(n int) mip.Facts {
	f := Order(n)
	n = max(n, -n)
	text := func(i int) string { return hostileText[(n+i)%len(hostileText)] }
	a := &f.ShipTo
	for i, p := range []*string{&a.FirstName, &a.LastName, &a.Company, &a.Line1, &a.Line2, &a.City,
		&a.Province, &a.Postcode, &a.Phone, &f.Service} {
		*p = text(i)
	}
	f.Note = "first line\nsecond line\ttab " + strings.Join(hostileText[:], "\r\n")
	for i := range f.Lines {
		f.Lines[i].Title = text(i + 3)
	}
	return f
}

// LongNote returns a note of one megabyte whose last words are its own.
func LongNote() string {
	const end = " – the end of a long note"
	return strings.Repeat("Grüße, 你好. ", 1<<20/16)[:1<<20-len(end)] + end
}

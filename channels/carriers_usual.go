package channels

// UsualCarriers returns a new table of the carriers that BigBuy ships with, by
// all names that its orders, services and tracking use, and of others common
// in Europe. BigBuy's "Chrono" and "Standard Shipment" are services that
// several carriers drive, so they have neither page nor codes.
func UsualCarriers() Carriers {
	codes := func(shopify, magento, amazon, ebay string) map[Platform]string {
		out := map[Platform]string{}
		for p, code := range map[Platform]string{Shopify: shopify, Magento: magento, Amazon: amazon, EBay: ebay} {
			if code != "" {
				out[p] = code
			}
		}
		return out
	}
	return Carriers{
		// BigBuy's.
		{Name: "Chrono", Names: []string{"Chrono 24h"}},
		{Name: "Standard Shipment", Names: []string{"Standard"}},
		{Name: "Correos", Names: []string{"Correos España", "Correos Spain", "Correos Paq 72"},
			Page:  "https://www.correos.es/es/es/herramientas/localizador/envios/detalle?tracking-number={number}",
			Codes: codes("Correos", "", "", "Correos")},
		{Name: "Correos International", Names: []string{"Correos Internacional"},
			Page:  "https://www.correos.es/es/es/herramientas/localizador/envios/detalle?tracking-number={number}",
			Codes: codes("Correos", "", "", "Correos")},
		{Name: "GLS", Names: []string{"GLS Spain", "GLS Europe", "General Logistics Systems"},
			Page: "https://gls-group.com/GROUP/en/parcel-tracking?match={number}", Codes: codes("GLS", "", "GLS", "GLS")},
		{Name: "UPS", Names: []string{"United Parcel Service", "UPS Standard", "UPS Express Saver"},
			Page: "https://www.ups.com/track?tracknum={number}", Codes: codes("UPS", "ups", "UPS", "UPS")},
		{Name: "DHL", Names: []string{"DHL Parcel", "DHL Paket"},
			Page: "https://www.dhl.com/global-en/home/tracking.html?tracking-id={number}", Codes: codes("", "dhl", "DHL", "DHL")},
		{Name: "DHL Express",
			Page: "https://www.dhl.com/global-en/home/tracking.html?tracking-id={number}", Codes: codes("DHL Express", "dhl", "DHL", "DHL")},
		{Name: "TNT", Names: []string{"TNT Express"},
			Page: "https://www.tnt.com/express/en_gc/site/shipping-tools/tracking.html?cons={number}", Codes: codes("TNT", "", "TNT", "TNT")},
		{Name: "SEUR", Names: []string{"Seur 24", "Seur 48", "SEUR Internacional"},
			Page: "https://www.seur.com/livetracking/?segOnlineIdentificador={number}", Codes: codes("", "", "", "SEUR")},

		// Others.
		{Name: "Correos Express", Page: "https://s.correosexpress.com/c?n={number}"},
		{Name: "Chronopost", Page: "https://www.chronopost.fr/tracking-no-cms/suivi-page?listeNumerosLT={number}",
			Codes: codes("Chronopost", "", "Chronopost", "Chronopost")},
		{Name: "Colissimo", Page: "https://www.laposte.fr/outils/suivre-vos-envois?code={number}", Codes: codes("Colissimo", "", "", "Colissimo")},
		{Name: "La Poste", Page: "https://www.laposte.fr/outils/suivre-vos-envois?code={number}", Codes: codes("", "", "La Poste", "")},
		{Name: "CTT Express", Page: "https://www.cttexpress.com/localizador-de-envios/?sc={number}", Codes: codes("CTT Express", "", "", "")},
		{Name: "CTT", Names: []string{"CTT Correios"}, Codes: codes("CTT", "", "", "")},
		{Name: "DPD", Page: "https://tracking.dpd.de/status/en_US/parcel/{number}", Codes: codes("DPD", "", "DPD", "DPD")},
		{Name: "FedEx", Names: []string{"Federal Express"},
			Page: "https://www.fedex.com/fedextrack/?trknbr={number}", Codes: codes("FedEx", "fedex", "FedEx", "FedEx")},
		{Name: "Deutsche Post", Codes: codes("Deutsche Post", "", "Deutsche Post", "")},
		{Name: "Poste Italiane", Page: "https://www.poste.it/cerca/index.html#/risultati-spedizioni/{number}",
			Codes: codes("", "", "Poste Italiane", "PosteItaliane")},
		{Name: "MRW", Codes: codes("", "", "", "MRW")},
		{Name: "InPost", Page: "https://inpost.pl/sledzenie-przesylek?number={number}"},
		{Name: "Nacex"}, {Name: "Zeleris"}, {Name: "Paack"}, {Name: "PostNL"}, {Name: "Mondial Relay", Names: []string{"MondialRelay"}},
	}
}

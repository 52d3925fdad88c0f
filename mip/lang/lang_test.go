package lang_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/lang"
	"github.com/openmip/openmip/mip/rules"
)

// source is a language file as its translators see it.
type source struct {
	Language                            string `json:"language"`
	Money                               map[string]string
	Codes                               map[string]struct{ Title, Fix string }
	States, Actions, Severities, Fields map[string]string
}

func sources(t *testing.T) map[string]source {
	t.Helper()
	names, err := filepath.Glob("*.json")
	require.NoError(t, err)
	out := map[string]source{}
	for _, name := range names {
		raw, err := os.ReadFile(name)
		require.NoError(t, err)
		var s source
		require.NoError(t, json.Unmarshal(raw, &s))
		require.Equal(t, strings.TrimSuffix(name, ".json"), s.Language)
		out[s.Language] = s
	}
	require.Contains(t, out, "en")
	require.Contains(t, out, "de")
	return out
}

var placeholder = regexp.MustCompile(`\{([^}]+)\}`)

func placeholders(text string) []string {
	var out []string
	for _, m := range placeholder.FindAllStringSubmatch(text, -1) {
		out = append(out, m[1])
	}
	slices.Sort(out)
	return out
}

func TestEveryLanguageIsComplete(t *testing.T) {
	all := sources(t)
	english := all["en"]
	for name, s := range all {
		t.Run(name, func(t *testing.T) {
			for _, info := range rules.All() {
				m, ok := s.Codes[info.Code]
				require.True(t, ok, "no text for %s", info.Code)
				assert.NotEmpty(t, m.Title, info.Code)
				assert.NotEmpty(t, m.Fix, info.Code)
				for _, p := range placeholders(m.Title + m.Fix) {
					names, kind, _ := strings.Cut(p, ":")
					if kind == "field" {
						assert.Equal(t, "path", names, info.Code)
						continue
					}
					for n := range strings.SplitSeq(names, "|") {
						assert.Contains(t, info.Params, n, "%s: not a param that the code has", info.Code)
					}
				}
				assert.Equal(t, placeholders(english.Codes[info.Code].Title+english.Codes[info.Code].Fix), placeholders(m.Title+m.Fix), info.Code)
			}
			assert.Len(t, s.Codes, len(rules.All()), "a text for a code that is not listed")
			for _, state := range mip.States() {
				assert.NotEmpty(t, s.States[string(state)], state)
			}
			assert.Len(t, s.States, len(mip.States()))
			for _, pair := range [][2]map[string]string{{english.Fields, s.Fields}, {english.Actions, s.Actions}, {english.Severities, s.Severities}, {english.Money, s.Money}} {
				for key := range pair[0] {
					assert.NotEmpty(t, pair[1][key], key)
				}
				assert.Len(t, pair[1], len(pair[0]))
			}
			for _, tr := range mip.Transitions() {
				if tr.On.Command() {
					assert.NotEmpty(t, s.Actions[string(tr.On)], tr.On)
				}
			}
		})
	}
}

func TestStates(t *testing.T) {
	t.Run("no two states have one label in any language", func(t *testing.T) {
		for _, l := range lang.Languages() {
			texts, seen := lang.For(l), map[string]mip.State{}
			for _, s := range mip.States() {
				label := texts.State(s)
				assert.Empty(t, seen[label], "%s: %s", l, label)
				seen[label] = s
			}
		}
	})
	t.Run("the German review queue is never called in process", func(t *testing.T) {
		de := lang.For("de")
		assert.Equal(t, "Ausstehende Prüfung", de.State(mip.StatePendingReview))
		assert.Equal(t, "In Bearbeitung", de.State(mip.StateSubmitted))
		raw, err := os.ReadFile("de.json")
		require.NoError(t, err)
		assert.Equal(t, 1, strings.Count(string(raw), "In Bearbeitung"))
	})
	t.Run("the German labels are those of the documentation", func(t *testing.T) {
		var got []string
		for _, s := range mip.States() {
			got = append(got, lang.For("de").State(s))
		}
		assert.Equal(t, []string{"Eingegangen", "Ausstehende Prüfung", "Wird übermittelt", "In Bearbeitung", "Manuell gesendet", "Versandt", "Geliefert", "Storniert"}, got)
	})
	t.Run("an unknown state stands for itself", func(t *testing.T) {
		assert.Equal(t, "somewhere", lang.For("de").State("somewhere"))
		assert.Equal(t, "–", lang.For("de").State(""))
	})
}

func TestFor(t *testing.T) {
	for _, c := range []struct {
		tags []string
		want string
	}{
		{nil, "en"}, {[]string{""}, "en"}, {[]string{"de"}, "de"}, {[]string{"de-AT"}, "de"}, {[]string{"de-CH-1996"}, "de"}, {[]string{"en-GB"}, "en"},
		{[]string{"zh"}, "en"}, {[]string{"zh", "de"}, "de"}, {[]string{"sv-SE,sv;q=0.9,de;q=0.8,en;q=0.5"}, "de"},
		{[]string{"not a tag!", "de"}, "de"}, {[]string{"\x00\xff", strings.Repeat("a-", 5000)}, "en"}, {[]string{"DE_de"}, "de"},
	} {
		assert.Equal(t, c.want, lang.For(c.tags...).Language(), "%.40q", c.tags)
	}
	assert.Equal(t, "en", lang.Languages()[0])
	assert.Contains(t, lang.Languages(), "de")
}

func TestFinding(t *testing.T) {
	en, de := lang.For("en"), lang.For("de")
	cases := map[string]struct {
		finding mip.Finding
		en, de  lang.Message
	}{
		"with all params": {
			mip.Finding{Code: "address.too_long", Params: map[string]string{"limit": "70", "length": "83"}},
			lang.Message{Title: "The address is too long: 83 characters.", Fix: "Shorten both lines together to 70 characters, or take the suggestion."},
			lang.Message{Title: "Die Adresse ist zu lang: 83 Zeichen.", Fix: "Beide Zeilen zusammen kürzen, auf 70 Zeichen, oder den Vorschlag übernehmen."}},
		"without any": {
			mip.Finding{Code: "address.too_long"},
			lang.Message{Title: "The address is too long.", Fix: "Shorten both lines together, or take the suggestion."},
			lang.Message{Title: "Die Adresse ist zu lang.", Fix: "Beide Zeilen zusammen kürzen, oder den Vorschlag übernehmen."}},
		"with amounts": {
			mip.Finding{Code: "wallet.insufficient_funds", Params: map[string]string{"available": "1234.50", "needed": "12000.00", "currency": "EUR"}},
			lang.Message{Title: "Not enough money: €1,234.50 available, €12,000.00 needed.", Fix: "Top up. The order is then sent by itself."},
			lang.Message{Title: "Zu wenig Guthaben: 1.234,50\u00a0€ verfügbar, 12.000,00\u00a0€ benötigt.", Fix: "Guthaben aufladen. Die Bestellung wird dann von selbst gesendet."}},
		"with one amount of two": {
			mip.Finding{Code: "wallet.insufficient_funds", Params: map[string]string{"needed": "12.30", "currency": "CHF"}},
			lang.Message{Title: "Not enough money, CHF\u00a012.30 needed.", Fix: "Top up. The order is then sent by itself."},
			lang.Message{Title: "Zu wenig Guthaben, 12,30\u00a0CHF benötigt.", Fix: "Guthaben aufladen. Die Bestellung wird dann von selbst gesendet."}},
		"with the supplier's names": {
			mip.Finding{Code: "wallet.insufficient_funds", Params: map[string]string{"moneyBoxAmount": "0.00", "totalOrder": "9.81"}},
			lang.Message{Title: "Not enough money: 0.00 available, 9.81 needed.", Fix: "Top up. The order is then sent by itself."},
			lang.Message{Title: "Zu wenig Guthaben: 0,00 verfügbar, 9,81 benötigt.", Fix: "Guthaben aufladen. Die Bestellung wird dann von selbst gesendet."}},
		"with the field": {
			mip.Finding{Code: "field.too_long", Path: "shipTo.lastName"},
			lang.Message{Title: "A field is too long: Last name.", Fix: "Shorten it."},
			lang.Message{Title: "Ein Feld ist zu lang: Nachname.", Fix: "Kürzen."}},
		"a code of somebody else's": {
			mip.Finding{Code: "acme.no_glass"},
			lang.Message{Title: "acme.no_glass", Fix: "Look at the details of the order."},
			lang.Message{Title: "acme.no_glass", Fix: "Die Einzelheiten der Bestellung ansehen."}},
		"no code at all": {
			mip.Finding{},
			lang.Message{Title: "Unknown reason", Fix: "Look at the details of the order."},
			lang.Message{Title: "Unbekannter Grund", Fix: "Die Einzelheiten der Bestellung ansehen."}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, c.en, en.Finding(c.finding))
			assert.Equal(t, c.de, de.Finding(c.finding))
		})
	}
	t.Run("no text leaves a hole, whichever params are missing", func(t *testing.T) {
		double := regexp.MustCompile(`[\[\]{}|]|  |: ?[.,;)]|\( ?\)|%!`)
		for _, l := range lang.Languages() {
			for _, info := range rules.All() {
				full := map[string]string{}
				for _, p := range info.Params {
					full[p] = "5"
				}
				sets := []map[string]string{nil, full}
				for _, p := range info.Params {
					sets = append(sets, map[string]string{p: "5"})
				}
				for _, params := range sets {
					m := lang.For(l).Finding(mip.Finding{Code: info.Code, Params: params})
					assert.NotRegexp(t, double, m.Title+" "+m.Fix, info.Code)
					assert.Regexp(t, `[.]$`, m.Title, info.Code)
					assert.Regexp(t, `[.]$`, m.Fix, info.Code)
				}
			}
		}
	})
}

func TestHostileParamsStayPlainText(t *testing.T) {
	hostile := []string{"{limit}", "[x]", "{0}", "%s%n", "<script>alert(1)</script>", "${x}", "]{title:money}["}
	for _, v := range hostile {
		m := lang.For("en").Finding(mip.Finding{Code: "product.not_mapped", Params: map[string]string{"title": v, "limit": "SECRET"}})
		assert.Equal(t, "A product is not mapped to the supplier: "+v+".", m.Title)
	}
	t.Run("marks that would change the line are taken out", func(t *testing.T) {
		m := lang.For("en").Finding(mip.Finding{Code: "product.not_mapped", Params: map[string]string{"title": "a\nb\x00c\u202ed\u2066e\u2028f\xffg"}})
		assert.Equal(t, "A product is not mapped to the supplier: a b cde f\uFFFDg.", m.Title)
	})
	t.Run("long ones are cut", func(t *testing.T) {
		m := lang.For("en").Finding(mip.Finding{Code: "product.not_mapped", Params: map[string]string{"title": strings.Repeat("語", 100_000)}})
		assert.Less(t, utf8.RuneCountInString(m.Title), 300)
		assert.Contains(t, m.Title, "…")
		assert.True(t, utf8.ValidString(m.Title))
	})
	t.Run("white space alone is nothing", func(t *testing.T) {
		m := lang.For("en").Finding(mip.Finding{Code: "product.not_mapped", Params: map[string]string{"title": " \n"}})
		assert.Equal(t, "A product is not mapped to the supplier.", m.Title)
	})
	t.Run("an amount that is none is shown as it is", func(t *testing.T) {
		for _, v := range []string{"much", "1e9", "--5", "12,30", "1.2.3", "12.345 EUR"} {
			m := lang.For("de").Finding(mip.Finding{Code: "wallet.insufficient_funds", Params: map[string]string{"needed": v, "currency": "EUR"}})
			assert.NotContains(t, m.Title, "%!")
			if v != "1e9" { // a number after all
				assert.Contains(t, m.Title, v)
			}
		}
	})
}

func FuzzFinding(f *testing.F) {
	for _, info := range rules.All() {
		f.Add(info.Code, "shipTo.city", "limit", "12.30", "EUR")
	}
	f.Add("", "lines[9999999999999999999].x", "available", "\xff{", "€")
	f.Fuzz(func(t *testing.T, code, path, name, value, currency string) {
		for _, l := range lang.Languages() {
			m := lang.For(l).Finding(mip.Finding{Code: code, Path: path, Params: map[string]string{name: value, "currency": currency}})
			assert.NotEmpty(t, strings.TrimSpace(m.Title))
			assert.NotEmpty(t, strings.TrimSpace(m.Fix))
			assert.True(t, utf8.ValidString(m.Title+m.Fix))
			assert.NotContains(t, m.Title+m.Fix, "\n")
		}
	})
}

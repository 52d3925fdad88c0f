package lang_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/lang"
)

func TestFrench(t *testing.T) {
	fr := lang.For("fr-FR")
	t.Run("the review queue is never called in process", func(t *testing.T) {
		assert.Equal(t, "À vérifier", fr.State(mip.StatePendingReview))
		onlyLabelOfSubmitted(t, fr, "En cours de traitement")
	})
	t.Run("a finding names its params", func(t *testing.T) {
		m := fr.Finding(mip.Finding{Code: "address.too_long", Params: map[string]string{"limit": "70", "length": "83"}})
		assert.Equal(t, lang.Message{Title: "L’adresse est trop longue\u00a0: 83 caractères.",
			Fix: "Raccourcir l’ensemble des deux lignes de l’adresse à 70 caractères ou accepter la proposition."}, m)
	})
	t.Run("amounts have a decimal comma, narrow spaces between groups and the sign behind", func(t *testing.T) {
		assert.Equal(t, "-1\u202f234\u202f567,50\u00a0€", fr.Money(mip.EUR(-1_234_567_50)))
		m := fr.Finding(mip.Finding{Code: "wallet.insufficient_funds", Params: map[string]string{"available": "9.81", "needed": "1234.50", "currency": "EUR"}})
		assert.Equal(t, "Solde insuffisant\u00a0: le portefeuille contient 9,81\u00a0€, il faut 1\u202f234,50\u00a0€.", m.Title)
	})
	t.Run("no line breaks before a high mark or inside quotation marks", func(t *testing.T) {
		eachText(t, "fr", func(key, text string) {
			assert.NotRegexp(t, "[^\u00a0][:;?!»]|«[^\u00a0]", text, key)
		})
	})
}

func TestItalian(t *testing.T) {
	it := lang.For("it-CH")
	t.Run("the review queue is called as in the documentation, and never in process", func(t *testing.T) {
		assert.Equal(t, "In attesa di revisione", it.State(mip.StatePendingReview))
		onlyLabelOfSubmitted(t, it, "In lavorazione")
	})
	t.Run("a finding names its params", func(t *testing.T) {
		m := it.Finding(mip.Finding{Code: "address.too_long", Params: map[string]string{"limit": "70", "length": "83"}})
		assert.Equal(t, lang.Message{Title: "L’indirizzo è troppo lungo: 83 caratteri.",
			Fix: "Accorciare le due righe dell’indirizzo nel loro insieme a 70 caratteri o accettare il suggerimento."}, m)
	})
	t.Run("amounts have a decimal comma, points between groups and the sign behind", func(t *testing.T) {
		assert.Equal(t, "-1.234.567,50\u00a0€", it.Money(mip.EUR(-1_234_567_50)))
		m := it.Finding(mip.Finding{Code: "wallet.insufficient_funds", Params: map[string]string{"available": "9.81", "needed": "1234.50", "currency": "EUR"}})
		assert.Equal(t, "Saldo insufficiente: il portafoglio contiene 9,81\u00a0€, servono 1.234,50\u00a0€.", m.Title)
	})
	t.Run("no space stands before a mark or inside quotation marks", func(t *testing.T) {
		eachText(t, "it", func(key, text string) {
			assert.NotRegexp(t, "[ \u00a0][:;?!.,»)]|[«(][ \u00a0]", text, key)
		})
	})
}

func TestApostrophesAreTypographicInFrenchAndItalian(t *testing.T) {
	for _, l := range []string{"fr", "it"} {
		eachText(t, l, func(key, text string) { assert.NotContains(t, text, "'", key) })
	}
}

// onlyLabelOfSubmitted checks that words are the label of orders at the
// supplier, and appear nowhere else in the language.
func onlyLabelOfSubmitted(t *testing.T, texts *lang.Texts, words string) {
	t.Helper()
	assert.Equal(t, words, texts.State(mip.StateSubmitted))
	raw, err := os.ReadFile(texts.Language() + ".json")
	require.NoError(t, err)
	assert.Equal(t, 1, strings.Count(strings.ToLower(string(raw)), strings.ToLower(words)))
}

// eachText calls f with every text and label of a language, its placeholders
// taken out.
func eachText(t *testing.T, language string, f func(key, text string)) {
	t.Helper()
	s := sources(t)[language]
	plain := func(text string) string {
		return strings.NewReplacer("[", "", "]", "").Replace(placeholder.ReplaceAllString(text, "5"))
	}
	for code, m := range s.Codes {
		f(code, plain(m.Title))
		f(code, plain(m.Fix))
	}
	for _, labels := range []map[string]string{s.States, s.Actions, s.Severities, s.Fields} {
		for key, text := range labels {
			f(key, plain(text))
		}
	}
}

package lang_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/lang"
)

func TestDutch(t *testing.T) {
	nl := lang.For("nl-NL")
	t.Run("the review queue is never called in process", func(t *testing.T) {
		assert.Equal(t, "Wacht op controle", nl.State(mip.StatePendingReview))
		onlyLabelOfSubmitted(t, nl, "In behandeling")
	})
	t.Run("sent to the supplier and sent to the buyer are two words", func(t *testing.T) {
		assert.Equal(t, "Handmatig doorgestuurd", nl.State(mip.StateManuallySent))
		assert.Equal(t, "Verzonden", nl.State(mip.StateShipped))
	})
	t.Run("a finding says its params within the sentence", func(t *testing.T) {
		assert.Equal(t, lang.Message{Title: "Het adres is te lang: 83 tekens.", Fix: "Kort beide adresregels samen in tot 70 tekens of neem het voorstel over."},
			nl.Finding(mip.Finding{Code: "address.too_long", Params: map[string]string{"limit": "70", "length": "83"}}))
		assert.Equal(t, "Een regel heeft geen ID: Regel 2: ID.", nl.Finding(mip.Finding{Code: "line.id_missing", Path: "lines[1].id"}).Title)
	})
	t.Run("the sign stands before the amount, apart from it", func(t *testing.T) {
		assert.Equal(t, "€\u00a01.234,50", nl.Money(mip.EUR(1234_50)))
		assert.Equal(t, "CHF\u00a012,30", nl.Money(mip.Minor(12_30, "CHF")))
		assert.Equal(t, "Te weinig tegoed: €\u00a01.234,50 beschikbaar, €\u00a012.000,00 nodig.", nl.Finding(short()).Title)
	})
}

func TestPolish(t *testing.T) {
	pl := lang.For("pl-PL")
	t.Run("the review queue is never called in process", func(t *testing.T) {
		assert.Equal(t, "Oczekuje na sprawdzenie", pl.State(mip.StatePendingReview))
		onlyLabelOfSubmitted(t, pl, "W realizacji")
	})
	t.Run("sent to the supplier and sent to the buyer are two words", func(t *testing.T) {
		assert.Equal(t, "Przekazane ręcznie", pl.State(mip.StateManuallySent))
		assert.Equal(t, "Wysłane", pl.State(mip.StateShipped))
	})
	t.Run("no plural hangs on a number", func(t *testing.T) {
		for _, n := range []string{"1", "2", "5", "22"} {
			m := pl.Finding(mip.Finding{Code: "address.too_long", Params: map[string]string{"limit": "70", "length": n}})
			assert.Equal(t, lang.Message{Title: "Adres jest za długi (liczba znaków: " + n + ").", Fix: "Skróć łącznie oba wiersze adresu (limit znaków: 70) lub przyjmij propozycję."}, m)
		}
	})
	t.Run("the sign stands after the amount, and no line breaks in it", func(t *testing.T) {
		assert.Equal(t, "1\u00a0234\u00a0567,50\u00a0zł", pl.Money(mip.Minor(1234567_50, "PLN")))
		assert.Equal(t, "12,30\u00a0CHF", pl.Money(mip.Minor(12_30, "CHF")))
		assert.Equal(t, "Saldo jest za niskie: dostępne 1\u00a0234,50\u00a0€, potrzebne 12\u00a0000,00\u00a0€.", pl.Finding(short()).Title)
	})
}

func short() mip.Finding {
	return mip.Finding{Code: "wallet.insufficient_funds", Params: map[string]string{"available": "1234.50", "needed": "12000.00", "currency": "EUR"}}
}

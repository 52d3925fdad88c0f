package lang_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/lang"
)

func TestField(t *testing.T) {
	de := lang.For("de")
	for path, want := range map[string]string{
		"shipTo.city": "Ort", "lines[1].sku": "Position 2: SKU", "lines[0]": "Position 1", "lines[0].colour": "Position 1: colour", "lines": "Positionen",
		"items[3].sku": "items[3].sku", "lines[x].sku": "lines[x].sku", "lines[-1]": "lines[-1]", "": "–", "shipping_lines": "shipping_lines",
	} {
		assert.Equal(t, want, de.Field(path), path)
	}
}

func TestMoney(t *testing.T) {
	en, de := lang.For("en"), lang.For("de")
	for _, c := range []struct {
		m      mip.Money
		en, de string
	}{
		{mip.EUR(12_30), "€12.30", "12,30\u00a0€"},
		{mip.EUR(0), "€0.00", "0,00\u00a0€"},
		{mip.EUR(-5), "-€0.05", "-0,05\u00a0€"},
		{mip.EUR(123_456_789_01), "€123,456,789.01", "123.456.789,01\u00a0€"},
		{mip.EUR(999_99), "€999.99", "999,99\u00a0€"},
		{mip.Minor(1500, "JPY"), "¥1,500", "1.500\u00a0¥"},
		{mip.Minor(1500, "KWD"), "KWD\u00a01.500", "1,500\u00a0KWD"},
		{mip.Money{}, "–", "–"},
	} {
		assert.Equal(t, c.en, en.Money(c.m))
		assert.Equal(t, c.de, de.Money(c.m))
	}
	t.Run("an amount keeps every digit", func(t *testing.T) {
		m, err := mip.ParseMoney("99999999999999999.99", "EUR")
		require.NoError(t, err)
		assert.Equal(t, "€99,999,999,999,999,999.99", en.Money(m))
	})
}

func TestActionsAndSeverities(t *testing.T) {
	assert.Equal(t, "Resend order", lang.For("en").Action(mip.EventResend))
	assert.Equal(t, "Adresse bearbeiten", lang.For("de").Action(mip.EventAddressEdited))
	assert.Equal(t, "something", lang.For("de").Action("something"))
	for _, s := range []mip.Severity{mip.Blocking, mip.Overridable, mip.Notice} {
		assert.NotEqual(t, string(s), lang.For("de").Severity(s))
	}
}

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

func TestSpanishAndPortugueseStates(t *testing.T) {
	for tag, want := range map[string][]string{ // an order is masculine in Spanish, feminine in Portuguese
		"es-ES": {"Recibido", "Pendiente de revisión", "Enviándose al proveedor", "En proceso", "Enviado manualmente", "Expedido", "Entregado", "Cancelado"},
		"pt-PT": {"Recebida", "A aguardar revisão", "A ser enviada ao fornecedor", "Em processamento", "Enviada manualmente", "Expedida", "Entregue", "Cancelada"},
	} {
		var got []string
		for _, s := range mip.States() {
			got = append(got, lang.For(tag).State(s))
		}
		assert.Equal(t, want, got)
	}
	t.Run("nothing but a submitted order is called in process", func(t *testing.T) {
		for name, words := range map[string]string{"es.json": "en proceso", "pt.json": "em process"} {
			raw, err := os.ReadFile(name)
			require.NoError(t, err)
			assert.Equal(t, 1, strings.Count(strings.ToLower(string(raw)), words), name)
		}
	})
	t.Run("a reader in America is answered in the language", func(t *testing.T) {
		assert.Equal(t, "es", lang.For("es-MX,es;q=0.9,en;q=0.8").Language())
		assert.Equal(t, "pt", lang.For("pt-BR,pt;q=0.9,en;q=0.8").Language())
	})
}

func TestSpanishAndPortugueseFindings(t *testing.T) {
	for name, c := range map[string]struct {
		finding mip.Finding
		es, pt  lang.Message
	}{
		"with params": {
			mip.Finding{Code: "address.too_long", Params: map[string]string{"limit": "70", "length": "83"}},
			lang.Message{Title: "La dirección es demasiado larga: 83 caracteres.", Fix: "Acortar el conjunto de las dos líneas a 70 caracteres o aceptar la sugerencia."},
			lang.Message{Title: "A morada é demasiado longa: 83 caracteres.", Fix: "Encurtar o conjunto das duas linhas para 70 caracteres ou aceitar a sugestão."}},
		"without any": {
			mip.Finding{Code: "address.too_long"},
			lang.Message{Title: "La dirección es demasiado larga.", Fix: "Acortar el conjunto de las dos líneas o aceptar la sugerencia."},
			lang.Message{Title: "A morada é demasiado longa.", Fix: "Encurtar o conjunto das duas linhas ou aceitar a sugestão."}},
		"with amounts": {
			mip.Finding{Code: "wallet.insufficient_funds", Params: map[string]string{"available": "1234.50", "needed": "12000.00", "currency": "EUR"}},
			lang.Message{Title: "El saldo del monedero no es suficiente: disponible 1.234,50\u00a0€, necesario 12.000,00\u00a0€.", Fix: "Recargar el monedero. Después, el pedido se envía automáticamente."},
			lang.Message{Title: "O saldo da carteira não é suficiente: disponível 1\u00a0234,50\u00a0€, necessário 12\u00a0000,00\u00a0€.", Fix: "Recarregar a carteira. Depois, a encomenda é enviada automaticamente."}},
		"with a field": {
			mip.Finding{Code: "field.too_long", Path: "shipTo.lastName"},
			lang.Message{Title: "Un campo es demasiado largo: Apellidos.", Fix: "Acortarlo."},
			lang.Message{Title: "Um campo é demasiado longo: Apelido.", Fix: "Encurtá-lo."}},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, c.es, lang.For("es").Finding(c.finding))
			assert.Equal(t, c.pt, lang.For("pt").Finding(c.finding))
		})
	}
}

func TestSpanishAndPortugueseAmountsHaveTheirCurrencyBehind(t *testing.T) {
	es, pt := lang.For("es"), lang.For("pt")
	for _, c := range []struct {
		m      mip.Money
		es, pt string
	}{
		{mip.EUR(12_30), "12,30\u00a0€", "12,30\u00a0€"},
		{mip.EUR(-1_234_567_50), "-1.234.567,50\u00a0€", "-1\u00a0234\u00a0567,50\u00a0€"},
		{mip.Minor(1234_50, "SEK"), "1.234,50\u00a0SEK", "1\u00a0234,50\u00a0SEK"},
	} {
		assert.Equal(t, c.es, es.Money(c.m))
		assert.Equal(t, c.pt, pt.Money(c.m))
	}
}

package bigbuytest

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
)

// spoil turns the true answer into what the client gets, or says how the
// answer is lost. The true answer is empty if the request was not executed.
func (f Fault) spoil(answer reply) (reply, Fault) {
	switch kind := f.Kind(); kind {
	case Timeout, Hang, Reset, Unreachable:
		return reply{}, kind
	case ServerError:
		return internalError(), None
	case PaymentError:
		return rawReply(http.StatusServiceUnavailable, typeHTML,
			`HTTP/2 503  returned for "https://www.bigbuy.eu/order/payment/".`), None
	case IdleTimeout:
		return rawReply(http.StatusInternalServerError, typeHTML,
			`Idle timeout reached for "https://www.bigbuy.eu/order/payment/".`), None
	case NotAvailable:
		return jsonReply(http.StatusInternalServerError, notAvailable()), None
	case SoftError:
		return ok(codeBody{Code: http.StatusConflict, Message: "Something went wrong " + strings.Repeat("0123456789abcdef", 2)}), None
	case Embedded:
		return rawReply(http.StatusOK, typeJSON, "HTTP/1.0 500 Internal Server Error\r\n"+
			"Cache-Control: no-cache, private\r\nContent-Type: application/json\r\n\r\n"+
			string(phpJSON(notAvailable()))), None
	case Empty:
		return rawReply(http.StatusOK, typeJSON, ""), None
	case GatewayTimeout, NoServer, Oops, BadGateway:
		return page(kind), None
	case Swapped:
		return jsonReply(http.StatusBadRequest, swappedBody{"Bad request", http.StatusBadRequest}), None
	case TryLater:
		return (&refusal{code: ER009}).reply(Switches{}), None
	case Throttle:
		return tooMany(), None
	case Unauthorized:
		r := jsonReply(http.StatusUnauthorized, messageBody{"Invalid Token"})
		r.gateway = true
		return r, None
	}
	return f.reshape(answer), None
}

type swappedBody struct {
	Code    string `json:"code"`
	Message int    `json:"message"`
}

func notAvailable() any {
	return struct {
		Error string `json:"error"`
	}{"Information is not available right now. Try it again later"}
}

// page is an answer that is not BigBuy's API at all.
func page(kind Fault) reply {
	const balancer = "<html><body><h1>%</h1>\n$\n</body></html>\n"
	fill := func(title, text string) string {
		return strings.NewReplacer("%", title, "$", text).Replace(balancer)
	}
	var r reply
	switch kind {
	case GatewayTimeout:
		r = rawReply(http.StatusGatewayTimeout, "text/html",
			fill("504 Gateway Time-out", "The server didn't respond in time."))
	case NoServer:
		r = rawReply(http.StatusServiceUnavailable, "text/html",
			fill("503 Service Unavailable", "No server is available to handle this request."))
	case Oops:
		r = rawReply(http.StatusInternalServerError, typeHTML, "<!DOCTYPE html>\n"+
			fill("Oops! An Error Occurred", "<h2>The server returned a \"500 Internal Server Error\".</h2>"))
	default:
		r = rawReply(http.StatusBadGateway, "text/html", "Bad Gateway")
	}
	r.gateway = true
	return r
}

// reshape is what faults do to an answer that is otherwise true.
func (f Fault) reshape(answer reply) reply {
	switch f.Kind() {
	case FlipTypes:
		answer.flip()
	case Truncated:
		answer.body = answer.body[:len(answer.body)/2]
	case ShortList, NullEntry:
		var list []json.RawMessage
		if json.Unmarshal(answer.body, &list) != nil || len(list) == 0 {
			return answer
		}
		list = list[:len(list)-1]
		if f.Kind() == NullEntry {
			list = append(list, json.RawMessage("null"))
		}
		answer.body = phpJSON(list)
	}
	return answer
}

// flip exchanges strings and numbers in the answer, for ids, codes and money,
// also in the JSON that errors keep inside a string.
func (r *reply) flip() {
	v, err := decode(r.body)
	if err != nil {
		return
	}
	if _, isText := v.(string); isText {
		v = flipped("total", v) // the purse
	} else {
		v = flipped("", v)
	}
	r.body = phpJSON(v)
}

func flipped(key string, v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k := range v {
			v[k] = flipped(k, v[k])
		}
	case []any:
		for i := range v {
			v[i] = flipped("", v[i])
		}
	case json.Number:
		if flips(key) {
			return v.String()
		}
	case string:
		inner, err := decode([]byte(v))
		if n, isNumber := inner.(json.Number); err == nil && isNumber && flips(key) && n.String() == v {
			return n
		}
		if _, isObject := inner.(map[string]any); err == nil && isObject && key == "message" {
			return string(phpJSON(flipped("", inner)))
		}
	}
	return v
}

// flips reports whether values of this name are known to come in two types.
func flips(key string) bool {
	switch key {
	case "id", "order_id", "orderId", "code", "cost", "carrierId", "order", "moneyBoxAmount":
		return true
	}
	return strings.HasPrefix(key, "total") || strings.HasPrefix(key, "price") || strings.HasSuffix(key, "Price")
}

// decode reads one JSON value, numbers as they are written.
func decode(body []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var v any
	err := d.Decode(&v)
	return v, err
}

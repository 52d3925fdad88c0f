package bigbuy

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strconv"
	"strings"

	"github.com/openmip/openmip/mip/rest"
)

// readError returns the error in an answer, nil if it holds none. It accepts
// every body and never fails. A 2xx is an error if it is empty, an embedded
// HTTP answer, a gateway's text, or an object with "error" or a "code" that is
// no success.
func readError(r rest.Response, write, mayBeEmpty bool) *Error {
	success := r.Status >= 200 && r.Status < 300
	if success && r.Empty() && mayBeEmpty {
		return nil
	}
	e := parseError(r.Status, r.Body)
	if success && !e.Soft && !disguised(e, r) {
		return nil
	}
	e.Soft = e.Soft || success
	e.kind = e.classify(write)
	return e
}

// disguised reports whether a 2xx is an error. Text that is not known for one
// is left to the decoder.
func disguised(e *Error, r rest.Response) bool {
	if e.form == formText {
		return r.Empty() || gatewayText(r.Body)
	}
	return failure(r.Body)
}

// errorBody is the union of all JSON forms.
type errorBody struct {
	Code    json.RawMessage `json:"code"`
	Message json.RawMessage `json:"message"`
	Error   json.RawMessage `json:"error"`
	Errors  json.RawMessage `json:"errors"`
	Detail  json.RawMessage `json:"error_detail"`
}

func parseError(status int, body []byte) *Error {
	if inner, rest, ok := embedded(body); ok {
		e := parseError(inner, rest)
		e.Soft = true
		return e
	}
	e := &Error{Status: status}
	var b errorBody
	if err := rest.Decode(body, &b); err != nil {
		e.Message = excerpt(string(body))
		if strings.Contains(strings.ToLower(e.Message), "exceeded the rate limit") {
			e.Status = 429
		}
		return e
	}
	e.fill(b)
	return e
}

func (e *Error) fill(b errorBody) {
	code, _ := scalar(orNull(b.Code))
	message := messageOf(b.Message)
	if _, err := strconv.Atoi(message); err == nil && !numeric(code) && erCode(code) == "" {
		code, message, e.swapped = message, code, true
	}
	if message == "" {
		message = messageOf(b.Error)
	}
	e.form, e.Code, e.Message = formGeneric, code, excerpt(message)
	switch er := erCode(code); {
	case er != "":
		e.form, e.Code = formCode, er
	case numeric(code):
		e.numericCode(code)
	}
	e.nested(message)
	e.warehouses(b.Detail, message)
	e.validation(b.Errors, message)
	if e.form == formGeneric && e.Status == 404 && e.Message != "" && !strings.Contains(strings.ToLower(e.Message), "no route") {
		e.form = formMissing
	}
	if strings.Contains(strings.ToLower(e.Message), "rate limit") {
		e.Status = 429
	}
}

// numericCode repeats the HTTP status; inside a 200 it replaces it.
func (e *Error) numericCode(code string) {
	n, _ := strconv.Atoi(code)
	if n >= 300 && n < 600 {
		e.Code = ""
		if e.Status < 300 {
			e.Status = n
		}
	}
}

// nested reads the JSON inside the message: {"info":…,"data":…}.
func (e *Error) nested(message string) {
	var inner struct {
		Data json.RawMessage `json:"data"`
	}
	if !strings.HasPrefix(message, "{") || json.Unmarshal([]byte(message), &inner) != nil {
		return
	}
	var products List[struct {
		SKU     Text `json:"sku"`
		Message Text `json:"message"`
	}]
	if data := bytes.TrimSpace(inner.Data); len(data) > 0 && data[0] == '[' {
		if json.Unmarshal(data, &products) != nil {
			return
		}
		for _, p := range products {
			e.Products = append(e.Products, ProductError{string(p.SKU), string(p.Message)})
		}
		if len(products) > 0 && e.form == formGeneric {
			e.form = formProducts
		}
		return
	}
	e.data(inner.Data)
}

// data reads each fact for itself, so that one odd value hides no other.
func (e *Error) data(raw json.RawMessage) {
	var facts map[string]json.RawMessage
	if json.Unmarshal(raw, &facts) != nil {
		return
	}
	var balance, total, minimum, bankwire Euro
	var order, example Text
	var skus List[Text]
	for name, into := range map[string]any{
		"moneyBoxAmount": &balance, "totalOrder": &total, "minimunPurchase": &minimum, "minimumPurchase": &minimum,
		"minBankwire": &bankwire, "orderId": &order, "zipExample": &example, "skus": &skus,
	} {
		if v, ok := facts[name]; ok {
			_ = json.Unmarshal(v, into)
		}
	}
	e.Balance, e.Total, e.Minimum = balance.Money, total.Money, minimum.Money
	if bankwire.Currency() != "" {
		e.Minimum = bankwire.Money
	}
	e.OrderID, e.ZipExample = string(order), excerpt(string(example))
	e.SKUs = texts(skus)
}

const manyWarehouses = "This cart contains products from different warehouses"

func (e *Error) warehouses(detail json.RawMessage, message string) {
	if strings.HasPrefix(message, manyWarehouses) {
		e.form = formWarehouses
	}
	var d struct {
		Warehouses List[struct {
			ID         Text       `json:"id"`
			References List[Text] `json:"references"`
		}] `json:"warehouses"`
	}
	if json.Unmarshal(orNull(detail), &d) != nil {
		return
	}
	for _, w := range d.Warehouses {
		e.Warehouses = append(e.Warehouses, Warehouse{string(w.ID), texts(w.References)})
	}
	if len(e.Warehouses) > 1 && e.form == formGeneric {
		e.form = formWarehouses
	}
}

// embedded splits a body that is a whole HTTP answer.
func embedded(body []byte) (status int, rest []byte, ok bool) {
	body = bytes.TrimSpace(body)
	if !bytes.HasPrefix(body, []byte("HTTP/1.")) {
		return 0, nil, false
	}
	line, _, _ := bytes.Cut(body, []byte("\n"))
	fields := strings.Fields(string(line))
	if len(fields) < 2 {
		return 0, nil, false
	}
	status, err := strconv.Atoi(fields[1])
	if err != nil || status < 100 || status > 599 {
		return 0, nil, false
	}
	_, rest, ok = bytes.Cut(body, []byte("\r\n\r\n"))
	if !ok {
		_, rest, _ = bytes.Cut(body, []byte("\n\n"))
	}
	if status < 300 {
		status = 500 // an answer inside an answer is a fault, whatever it says
	}
	return status, rest, true
}

// failure reports whether a JSON 2xx is an error in disguise.
func failure(body []byte) bool {
	var keys map[string]json.RawMessage
	if rest.Decode(body, &keys) != nil {
		return false
	}
	for _, key := range []string{"orders", "order_id"} {
		if v, ok := keys[key]; ok && !void(v) {
			return false // something was created: never call that a failure
		}
	}
	if v, ok := keys["error"]; ok && !void(v) {
		return true
	}
	code, ok := keys["code"]
	if !ok || void(code) {
		return false
	}
	s, _ := scalar(code)
	n, err := strconv.Atoi(s)
	return err != nil || n < 200 || n > 299
}

var gatewayWords = []string{"bad gateway", "gateway time-out", "gateway timeout", "service unavailable",
	"an error occurred", "idle timeout reached", "internal server error", "http/2 5", "exceeded the rate limit"}

func gatewayText(body []byte) bool {
	s := strings.ToLower(string(body[:min(len(body), 4096)]))
	for _, w := range gatewayWords {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

var erPattern = regexp.MustCompile(`^(?i:ER)0*([0-9]{1,3})$`)

// erCode returns the business code in its normal form, empty for any other.
func erCode(code string) string {
	m := erPattern.FindStringSubmatch(strings.TrimSpace(code))
	if m == nil {
		return ""
	}
	return "ER" + strings.Repeat("0", 3-len(m[1])) + m[1]
}

func numeric(s string) bool {
	_, err := strconv.Atoi(s)
	return err == nil
}

// messageOf returns a message that is text, number, or the object that ought
// to be text.
func messageOf(raw json.RawMessage) string {
	if s, err := scalar(orNull(raw)); err == nil {
		return s
	}
	return string(bytes.TrimSpace(raw))
}

func orNull(raw json.RawMessage) []byte {
	if len(bytes.TrimSpace(raw)) == 0 {
		return []byte("null")
	}
	return raw
}

// excerpt bounds a text to 200 characters.
func excerpt(s string) string {
	s = strings.ToValidUTF8(strings.TrimSpace(s), "")
	if r := []rune(s); len(r) > 200 {
		return string(r[:200])
	}
	return s
}

func texts(list List[Text]) []string {
	out := make([]string, len(list))
	for i, t := range list {
		out[i] = string(t)
	}
	return out
}

<?php
/**
 * The client side of the Lender API as a customer would write it: one POST, one parsed answer.
 */

declare(strict_types=1);

final class LenderClient
{
    public ?string $accessToken = null;
    public LenderAnswer $last;

    public function __construct(
        public readonly string $url,
        public readonly string $apiID,
        public readonly string $apiKey,
        public readonly string $format,
        public readonly string $style,
        public readonly string $prefix = '/api/lender',
    ) {
        $this->last = new LenderAnswer(0, '', '', $format);
    }

    /** Gets a token and keeps it for the following calls. */
    public function token(): string
    {
        $this->accessToken = $this->call('access-token', [], false)->text('accessToken');
        return $this->accessToken;
    }

    /** Fields given here win over the usual ones; a null leaves the field out. */
    public function call(string $endpoint, array $fields = [], bool $withToken = true): LenderAnswer
    {
        $fields += ['format' => $this->format, 'apiID' => $this->apiID, 'apiKey' => $this->apiKey];
        if ($withToken) {
            $fields += ['accessToken' => $this->accessToken];
        }
        if (is_array($fields['data'] ?? null) || is_object($fields['data'] ?? null)) {
            $fields['data'] = json_encode($fields['data'], JSON_THROW_ON_ERROR);
        }
        $fields = array_filter($fields, fn (mixed $value): bool => $value !== null);

        $curl = curl_init("{$this->url}{$this->prefix}/$endpoint");
        curl_setopt_array($curl, [
            CURLOPT_POST => true,
            CURLOPT_POSTFIELDS => $this->style === 'multipart' ? $fields : http_build_query($fields),
            CURLOPT_RETURNTRANSFER => true,
            CURLOPT_TIMEOUT => 30,
        ]);
        $body = curl_exec($curl);
        if ($body === false) {
            throw new RuntimeException("$endpoint: " . curl_error($curl));
        }
        $type = (string) curl_getinfo($curl, CURLINFO_CONTENT_TYPE);
        $this->last = new LenderAnswer(curl_getinfo($curl, CURLINFO_RESPONSE_CODE), $type, $body, $this->format);
        return $this->last;
    }
}

/** An answer as nested arrays, whichever format it came in. */
final class LenderAnswer
{
    /** Null when the body could not be read in the announced format, or says nothing. */
    public readonly mixed $data;

    public function __construct(
        public readonly int $status,
        public readonly string $contentType,
        public readonly string $body,
        string $format,
    ) {
        $this->data = $format === 'xml' ? self::readXml($body) : json_decode($body, true);
    }

    private static function readXml(string $body): mixed
    {
        libxml_use_internal_errors(true);
        $root = $body === '' ? false : simplexml_load_string($body);
        if ($root === false || $root->getName() !== 'response') {
            return null;
        }
        return self::plain($root);
    }

    /** A leaf is its text; repeated children become a list; an empty element is an empty text. */
    private static function plain(SimpleXMLElement $node): array|string
    {
        if ($node->count() === 0) {
            return (string) $node;
        }
        $all = [];
        foreach ($node->children() as $name => $child) {
            $all[$name][] = self::plain($child);
        }
        return array_map(fn (array $items): mixed => count($items) === 1 ? $items[0] : $items, $all);
    }

    public function text(string $name): string
    {
        $value = is_array($this->data) ? ($this->data[$name] ?? '') : '';
        return is_scalar($value) ? (string) $value : '';
    }

    /** @return list<array> the objects under a name; one repeated element in XML is a list too */
    public function items(string $name): array
    {
        return self::listOf(is_array($this->data) ? ($this->data[$name] ?? null) : null);
    }

    public static function listOf(mixed $value): array
    {
        if (!is_array($value) || $value === []) {
            return [];
        }
        return array_is_list($value) ? $value : [$value];
    }

    public function isVoid(): bool
    {
        return $this->body !== '' && ($this->body === 'null' || $this->data === '');
    }

    public static function isNull(mixed $value): bool
    {
        return $value === null || $value === '';
    }

    public static function isEmpty(mixed $value): bool
    {
        return $value === '';
    }

    public static function isYes(mixed $value): bool
    {
        return in_array($value, [true, 'true', '1', 1], true);
    }
}

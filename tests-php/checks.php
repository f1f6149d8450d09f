<?php
/**
 * Counting of checks for the PHP clients: prints failures as they happen, and one total at the end.
 */

declare(strict_types=1);

final class Checks
{
    private int $passed = 0;
    private int $failed = 0;
    private string $section = '';

    public function section(string $name): void
    {
        $this->section = $name;
    }

    public function isTrue(string $what, bool $value, string $detail = ''): bool
    {
        if ($value) {
            $this->passed++;
        } else {
            $this->failed++;
            echo "FAILED [{$this->section}] $what", $detail === '' ? '' : ": $detail", "\n";
        }
        return $value;
    }

    public function same(string $what, mixed $wanted, mixed $got): bool
    {
        return $this->isTrue($what, $wanted === $got, 'wanted ' . self::show($wanted) . ', got ' . self::show($got));
    }

    public function matches(string $what, string $pattern, string $got): bool
    {
        return $this->isTrue($what, preg_match($pattern, $got) === 1, "$pattern does not fit " . self::show($got));
    }

    /** Code, message and HTTP status of an error; without a message, the parameter must be named. */
    public function error(string $what, int $code, ?string $message, LenderAnswer $answer, string $parameter = ''): void
    {
        $error = is_array($answer->data) ? ($answer->data['error'] ?? []) : [];
        $error = is_array($error) ? $error : [];
        $this->same("$what: HTTP status", $code, $answer->status);
        $this->same("$what: code", $code, (int) ($error['code'] ?? 0));
        $text = (string) ($error['message'] ?? '');
        if ($message !== null) {
            $this->same("$what: message", $message, $text);
        } else {
            $this->matches("$what: message", "/^Parameter $parameter /", $text);
        }
    }

    /** Prints the total and gives the exit status. */
    public function finish(): int
    {
        printf("%d passed, %d failed\n", $this->passed, $this->failed);
        return $this->failed === 0 && $this->passed > 0 ? 0 : 1;
    }

    private static function show(mixed $value): string
    {
        $text = (string) json_encode($value, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_PARTIAL_OUTPUT_ON_ERROR);
        return strlen($text) > 300 ? substr($text, 0, 300) . '…' : $text;
    }
}

<?php
/**
 * The catcher's mailbox as a browser would read it: what a demo server would have sent.
 */

declare(strict_types=1);

final class Mailbox
{
    /** Longest wait for a mail, in seconds: workers look twice a second. */
    private const PATIENCE = 20;

    public function __construct(private readonly string $url)
    {
    }

    public function get(string $path, ?int &$status = null): string
    {
        $curl = curl_init(str_starts_with($path, 'http') ? $path : $this->url . $path);
        curl_setopt_array($curl, [CURLOPT_RETURNTRANSFER => true, CURLOPT_TIMEOUT => 30]);
        $page = (string) curl_exec($curl);
        $status = (int) curl_getinfo($curl, CURLINFO_RESPONSE_CODE);
        return $page;
    }

    /** @return list<string> ids of the messages to an address, newest first */
    public function to(string $address): array
    {
        $rows = explode('<li class="paper">', $this->get('/mailbox'));
        $found = [];
        foreach (array_slice($rows, 1) as $row) {
            if (preg_match('#href="/mailbox/([^"]+)".*?To ([^<,]+)#s', $row, $parts) !== 1) {
                continue;
            }
            if (trim(html_entity_decode($parts[2], ENT_QUOTES | ENT_HTML5)) === $address) {
                $found[] = $parts[1];
            }
        }
        return $found;
    }

    /** @return list<string> as to(), once there are so many; those there are when there never are */
    public function wait(string $address, int $count): array
    {
        for ($until = microtime(true) + self::PATIENCE; microtime(true) < $until; usleep(200_000)) {
            $found = $this->to($address);
            if (count($found) >= $count) {
                return $found;
            }
        }
        return $this->to($address);
    }

    /** What a message says, as text. */
    public function text(string $id): string
    {
        return $this->plain($this->get("/mailbox/$id?as=text"));
    }

    /** The bytes that would have gone out. */
    public function source(string $id): string
    {
        return $this->plain($this->get("/mailbox/$id?as=source"));
    }

    /** What its reader sees. */
    public function html(string $id): string
    {
        return $this->get("/mailbox/$id/html");
    }

    private function plain(string $page): string
    {
        return html_entity_decode(strip_tags($page), ENT_QUOTES | ENT_HTML5);
    }
}

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Checks with Java's HttpClient, which needs no more than the JDK. Argument: the URL. */
final class Clients {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private interface Conversation {
        void have() throws Exception;
    }

    private final String url;
    private final String name;
    private final HttpClient client;

    private Clients(String url, HttpClient.Version version) {
        this.url = url;
        name = "Java (" + version + "): ";
        client = HttpClient.newBuilder().version(version).connectTimeout(TIMEOUT).build();
    }

    public static void main(String[] arguments) {
        // By default the client asks, in each request, to go over to HTTP/2.
        for (HttpClient.Version version : HttpClient.Version.values()) {
            Clients clients = new Clients(arguments[0], version);
            clients.attempt("one user", clients::oneUser);
            clients.attempt("logins", clients::logins);
            clients.attempt("pages", clients::pages);
            clients.attempt("one connection", clients::oneConnection);
            clients.attempt("at once", clients::atOnce);
            clients.attempt("bodies", clients::bodies);
            clients.attempt("expectations", clients::expectations);
        }
        System.exit(0);
    }

    private void check(String what, Object expected, Object seen) {
        boolean passed = Objects.deepEquals(expected, seen);
        System.out.println((passed ? "ok " : "not ok ") + name + what
            + (passed ? "" : ": expected " + expected + ", saw " + seen));
    }

    private void attempt(String what, Conversation conversation) {
        try {
            conversation.have();
        } catch (Exception error) {
            check(what, "no exception", error);
        }
    }

    private HttpRequest.Builder request(String path) {
        return stranger(path).header("Authorization", System.getenv("AUTHORIZATION"));
    }

    /** A request of somebody without a token. */
    private HttpRequest.Builder stranger(String path) {
        return HttpRequest.newBuilder(URI.create(url + path)).timeout(TIMEOUT);
    }

    /** Sends JSON as somebody without a token. */
    private HttpResponse<String> post(String path, String json)
        throws IOException, InterruptedException {
        return send(stranger(path).header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json)));
    }

    private HttpResponse<String> send(HttpRequest.Builder request)
        throws IOException, InterruptedException {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private HttpRequest.Builder post(BodyPublisher body) {
        return request("/users").header("Content-Type", "application/json").POST(body);
    }

    private HttpResponse<String> register(String user) throws IOException, InterruptedException {
        return send(post(BodyPublishers.ofString(user)));
    }

    private static String newUser() {
        return "{\"email\":\"java." + UUID.randomUUID()
            + "@example.com\",\"display_name\":\"Ada\"}";
    }

    /** The text of a member of a JSON object. */
    private static String member(String key, String json) {
        Matcher found = Pattern.compile("\"" + key + "\":\"([^\"]*)\"").matcher(json);
        return found.find() ? found.group(1) : null;
    }

    private static String header(HttpResponse<?> response, String key) {
        return response.headers().firstValue(key).orElse(null);
    }

    private void checkProblem(String what, int status, String code, HttpResponse<String> seen) {
        check(what, List.of(status, "application/problem+json", code),
            Arrays.asList(seen.statusCode(), header(seen, "Content-Type"),
                member("code", seen.body())));
    }

    private void oneUser() throws Exception {
        String user = newUser();
        HttpResponse<String> made = register(user);
        String path = header(made, "Location");
        check("registering", List.of(201, "/users/" + member("id", made.body()), "HTTP_1_1"),
            List.of(made.statusCode(), path, made.version().toString()));
        checkProblem("a duplicate", 409, "email_taken", register(user));
        HttpResponse<String> read = send(request(path));
        String tag = header(read, "ETag");
        check("reading", List.of(200, "\"1-a\"", made.body()),
            List.of(read.statusCode(), tag, read.body()));
        HttpResponse<String> unchanged = send(request(path).header("If-None-Match", tag));
        check("reading what has not changed", List.of(304, ""),
            List.of(unchanged.statusCode(), unchanged.body()));
        HttpResponse<String> head = send(request(path).method("HEAD", BodyPublishers.noBody()));
        check("HEAD", List.of(200, "", header(read, "Content-Length")),
            Arrays.asList(head.statusCode(), head.body(), header(head, "Content-Length")));
        HttpResponse<String> changed = send(request(path).header("If-Match", tag)
            .header("Content-Type", "application/merge-patch+json")
            .method("PATCH", BodyPublishers.ofString("{\"display_name\":\"Ada L.\"}")));
        check("changing", List.of(200, "\"2-a\"", "Ada L."),
            Arrays.asList(changed.statusCode(), header(changed, "ETag"),
                member("display_name", changed.body())));
        HttpResponse<String> deleted = send(request(path).DELETE());
        check("deleting", List.of(204, ""), List.of(deleted.statusCode(), deleted.body()));
        checkProblem("reading what is gone", 404, "user_not_found", send(request(path)));
    }

    private void logins() throws Exception {
        checkProblem("reading without a token", 401, "authentication_required",
            send(stranger("/users")));
        String credentials = newUser().replace("}", ",\"password\":\"seven quiet otters swim\"}");
        String id = member("id", post("/users", credentials).body());
        String first = post("/auth/login", credentials).body();
        HttpResponse<String> rotated = post("/auth/refresh",
            "{\"refresh_token\":\"" + member("refresh_token", first) + "\"}");
        check("new tokens", Arrays.asList(200, member("session_id", first)),
            Arrays.asList(rotated.statusCode(), member("session_id", rotated.body())));
        String bearer = "Bearer " + member("access_token", rotated.body());
        HttpResponse<String> read = send(stranger("/users/me").header("Authorization", bearer));
        check("reading oneself", Arrays.asList(200, id),
            Arrays.asList(read.statusCode(), member("id", read.body())));
        HttpResponse<String> out = send(stranger("/auth/logout").header("Authorization", bearer)
            .POST(BodyPublishers.noBody()));
        check("logging out", List.of(204, ""), List.of(out.statusCode(), out.body()));
        checkProblem("a token of a session that has ended", 401, "invalid_token",
            send(stranger("/users/me").header("Authorization", bearer)));
    }

    private void pages() throws Exception {
        List<String> ids = new ArrayList<>();
        for (int count = 0; count < 5; count++) {
            ids.add(0, member("id", register(newUser()).body()));
        }
        List<String> seen = new ArrayList<>();
        String path = "/users?limit=2";
        while (path != null && seen.size() < ids.size()) {
            HttpResponse<String> page = send(request(path));
            Matcher id = Pattern.compile("\\{\"id\":\"([^\"]*)\"").matcher(page.body());
            while (id.find()) seen.add(id.group(1));
            Matcher next = Pattern.compile("<(.*)>; rel=\"next\"")
                .matcher(Objects.requireNonNullElse(header(page, "Link"), ""));
            path = next.matches() ? next.group(1) : null;
        }
        check("following Link through the pages", ids, seen.subList(0, ids.size()));
    }

    private void oneConnection() throws Exception {
        Set<String> before = localPorts();
        Set<Integer> statuses = new HashSet<>();
        for (int count = 0; count < 200; count++) {
            statuses.add(send(request("/health/live")).statusCode());
        }
        Set<String> opened = localPorts();
        opened.removeAll(before);
        check("200 requests in a row", Set.of(200), statuses);
        check("new connections for them", Set.of(), opened);
    }

    /** The local ports of all connections to the service, those just closed too; proc(5). */
    private Set<String> localPorts() throws IOException {
        String remote = String.format(":%04X", URI.create(url).getPort());
        Set<String> ports = new HashSet<>();
        for (String line : Files.readAllLines(Path.of("/proc/net/tcp"))) {
            String[] columns = line.strip().split("\\s+");
            if (columns[2].endsWith(remote)) ports.add(columns[1]);
            if (columns[1].endsWith(remote)) ports.add(columns[2]);
        }
        return ports;
    }

    private void atOnce() {
        long right = IntStream.range(0, 200).mapToObj(number -> {
            String id = "java-" + number;
            return client.sendAsync(
                request("/users?limit=2").header("X-Request-ID", id).build(),
                BodyHandlers.ofString())
                .thenApply(answer -> answer.statusCode() == 200
                    && id.equals(header(answer, "X-Request-ID"))
                    && answer.body().endsWith("}"));
        }).toList().stream().filter(answer -> answer.join()).count();
        check("200 requests at once, each with its own answer", 200L, right);
    }

    private static BodyPublisher stream(byte[] octets) {
        return BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(octets));
    }

    private void bodies() throws Exception {
        byte[] user = newUser().getBytes(StandardCharsets.UTF_8);
        check("a chunked upload", 201, send(post(stream(user))).statusCode());
        for (int size : new int[] {(1 << 20) + 1, 1 << 21}) {
            byte[] body = new byte[size];
            checkProblem("a body of " + size + " octets", 413, "body_too_large",
                send(post(BodyPublishers.ofByteArray(body))));
        }
        checkProblem("a chunked body of 2 MiB", 413, "body_too_large",
            send(post(stream(new byte[1 << 21]))));
        checkProblem("a field of 20 kB", 431, "field_too_large",
            send(request("/users").header("X-Large", "x".repeat(20_000))));
        check("the next request", 200, send(request("/health/live")).statusCode());
    }

    private void expectations() throws Exception {
        // A refusal instead of 100 makes the client of Java 17 wait for ever (JDK-8286171), so that
        // is left to the other clients.
        check("Expect: 100-continue", 201, send(
            post(BodyPublishers.ofString(newUser())).expectContinue(true)).statusCode());
    }
}

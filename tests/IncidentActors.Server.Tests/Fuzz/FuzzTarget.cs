using System.Net;
using System.Text;
using System.Text.Json;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Server.Tests.Tokens;

namespace IncidentActors.Server.Tests.Fuzz;

/// <summary>A server with tokens, something of each kind in it, and secrets that no answer may hold.</summary>
internal sealed class FuzzTarget : IAsyncDisposable
{
    private readonly HttpClient client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { Timeout = TimeSpan.FromSeconds(120) };
    private readonly Dictionary<string, string[]> real = [];
    private readonly List<string> secrets = [];

    private FuzzTarget(GuardedServer guarded) => Guarded = guarded;

    public GuardedServer Guarded { get; }
    public Uri Address => Guarded.Server.Address;
    public string Root => Guarded.Root;
    public string Looker { get; private set; } = "";
    public string Alertmanager { get; private set; } = "";
    public string McpSession { get; private set; } = "";

    public static async Task<FuzzTarget> StartAsync()
    {
        var target = new FuzzTarget(await GuardedServer.StartAsync(options => options with { RequestsPerSecond = 1e9, RequestsAtOnce = 1e9 }));
        target.Looker = await target.SecretAsync("/api/tokens", new { handle = "@looker", readOnly = true });
        target.Alertmanager = await target.SecretAsync("/api/tokens", new { handle = "@alertmanager" });
        await target.SecretAsync("/api/tokens", new { handle = "@pagerduty" });
        await target.SecretAsync("/api/webhooks", new { url = "https://example.com/hook", events = new[] { "knowledge.*" } });
        target.secrets.Add(target.Root);
        var incident = await target.MakeAsync("incident_declare", new { title = "Search is slow", severity = "SEV-3" });
        var halt = await target.MakeAsync("halt_raise", new { scope = "agent:@nobody", reason = "x" });
        var atp = await target.MakeAsync("atp_create", new { title = "Tidy" });
        target.real["id"] = [incident, halt, atp];
        target.real["handle"] = ["@dev", "@pm"];
        target.real["name"] = ["emergency"];
        target.McpSession = await target.ShakeHandsAsync();
        return target;
    }

    /// <summary>Something that is there, or at least well formed.</summary>
    public string Real(string parameter, Random random) => real.TryGetValue(parameter, out var known) ? known[random.Next(known.Length)] : "1";

    /// <summary>The journal's end, and what is kept beside it.</summary>
    public async Task<string> StateAsync() =>
        $"{await Guarded.Server.EndAsync()} {(await Guarded.GetAsync("/api/tokens", Root)).IsOk().Body} "
        + $"{(await Guarded.GetAsync("/api/webhooks", Root)).IsOk().Body}";

    /// <summary>What is wrong with the answer to the next request, or null.</summary>
    public async Task<string?> WrongAsync(FuzzedEndpoint endpoint, HostileRequests requests)
    {
        using var request = requests.Next();
        var asked = $"{request.Method} {request.RequestUri} {await BeginningAsync(request.Content)}";
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var stream = response.Content.Headers.ContentType?.MediaType == "text/event-stream" && endpoint.Method == "GET";
        var body = stream ? "" : await response.Content.ReadAsStringAsync();
        var text = $"{(int)response.StatusCode} {response.Headers} {body}";
        if ((int)response.StatusCode >= 500 && !SaysUnready(endpoint, response)) return $"{text} to {asked}";
        if (endpoint is { Method: "POST", Pattern: not "/mcp" }
            && response.IsSuccessStatusCode
            && request.Method == HttpMethod.Post
            && !Looks(endpoint))
            return $"{text} to {asked}";
        return secrets.Any(secret => text.Contains(Hidden(secret), StringComparison.OrdinalIgnoreCase)) ? $"a secret in {text} to {asked}" : null;
    }

    /// <summary>Whether turns can be committed is told by 503 while the disk stands still; nobody else may say so here.</summary>
    private static bool SaysUnready(FuzzedEndpoint endpoint, HttpResponseMessage response) =>
        endpoint.Pattern == "/readyz" && response.StatusCode == HttpStatusCode.ServiceUnavailable;

    /// <summary>A tool that reads may answer what it is asked.</summary>
    private static bool Looks(FuzzedEndpoint endpoint) =>
        endpoint.Pattern.StartsWith("/api/tools/", StringComparison.Ordinal)
            && Tools.ToolCatalogue.Find(endpoint.Pattern["/api/tools/".Length..])!.Description.ReadOnly;

    /// <summary>The part of a secret that is not its id.</summary>
    private static string Hidden(string secret) => secret[^24..^1];

    private async Task<string> SecretAsync(string path, object wanted)
    {
        var secret = (await Guarded.PostAsync(path, Root, wanted)).Is(HttpStatusCode.Created).Json.Text("secret");
        secrets.Add(secret);
        return secret;
    }

    /// <summary>As much of the body as a failure's message shows.</summary>
    private static async Task<string> BeginningAsync(HttpContent? content)
    {
        if (content is null) return "";
        var bytes = await content.ReadAsByteArrayAsync();
        return Encoding.UTF8.GetString(bytes.AsSpan(0, Math.Min(300, bytes.Length)));
    }

    private async Task<string> MakeAsync(string tool, object arguments) =>
        (await Guarded.PostAsync($"/api/tools/{tool}", Root, arguments)).IsOk().Json.Text("id");

    private async Task<string> ShakeHandsAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Address, "/mcp"));
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {Root}");
        request.Content = new StringContent(
            JsonSerializer.Serialize(
                new
                {
                    jsonrpc = "2.0",
                    id = 1,
                    method = "initialize",
                    @params = new
                    {
                        protocolVersion = "2025-06-18",
                        capabilities = new { },
                        clientInfo = new { name = "fuzz", version = "1" },
                    },
                }),
            Encoding.UTF8, "application/json");
        using var response = await client.SendAsync(request);
        return response.Headers.GetValues("Mcp-Session-Id").Single();
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await Guarded.DisposeAsync();
    }
}

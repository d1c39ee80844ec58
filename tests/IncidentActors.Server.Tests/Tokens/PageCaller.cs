using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using IncidentActors.Server.Tools;

namespace IncidentActors.Server.Tests.Tokens;

/// <summary>By the forms of the pages: signed in while the token was valid, where it ever was.</summary>
internal sealed class PageCaller : ToolCaller
{
    /// <summary>The form was not taken: the visitor is sent to sign in.</summary>
    public const string SignIn = "sign in";

    private readonly Dictionary<string, PageVisitor> visitors = [];

    public override async Task AddAsync(string? secret) => visitors.Add(secret ?? "", await PageVisitor.SignInAsync(Server, secret ?? ""));

    public override async Task<string?> CallAsync(string? secret, string handle, Tool tool, JsonObject arguments) =>
        await visitors[secret ?? ""].SendAsync(tool, arguments);

    public override async ValueTask DisposeAsync()
    {
        foreach (var visitor in visitors.Values) visitor.Dispose();
        await base.DisposeAsync();
    }
}

/// <summary>A visitor of the pages that sends any tool's form.</summary>
internal sealed partial class PageVisitor : IDisposable
{
    private readonly HttpClient client;
    private readonly string formToken;

    private PageVisitor(HttpClient client, string formToken)
    {
        this.client = client;
        this.formToken = formToken;
    }

    /// <summary>Signs in; whom the sign-in page refuses goes on without a session.</summary>
    public static async Task<PageVisitor> SignInAsync(GuardedServer guarded, string secret)
    {
        var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = guarded.Server.Address };
        using var answer = await client.PostAsync("/signin", new FormUrlEncodedContent([new("token", secret), new("return", "/")]));
        if (answer.StatusCode == HttpStatusCode.Unauthorized) return new PageVisitor(client, "");
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        var cookie = answer.Headers.GetValues("Set-Cookie").Single(cookie => cookie.StartsWith("incident-visitor=", StringComparison.Ordinal)).Split(';')[0];
        client.DefaultRequestHeaders.Add("Cookie", cookie);
        return new PageVisitor(client, FormTokenOf(cookie.Split('=', 2)[1]));
    }

    /// <summary>"yes", the rule that the page shows, or <see cref="PageCaller.SignIn"/>.</summary>
    public async Task<string> SendAsync(Tool tool, JsonObject arguments)
    {
        var fields = arguments.SelectMany(Fields)
            .Append(KeyValuePair.Create("_tool", tool.Name))
            .Append(KeyValuePair.Create("_token", formToken));
        using var answer = await client.PostAsync("/halts", new FormUrlEncodedContent(fields));
        var body = await answer.Content.ReadAsStringAsync();
        if (answer.StatusCode == HttpStatusCode.SeeOther)
            return answer.Headers.Location!.OriginalString.StartsWith("/signin", StringComparison.Ordinal) ? PageCaller.SignIn : ToolCaller.Yes;
        var rule = Rule().Match(body);
        Assert.True(rule.Success, $"{tool.Name}: {(int)answer.StatusCode} {body}");
        return rule.Groups[1].Value;
    }

    public void Dispose() => client.Dispose();

    private static IEnumerable<KeyValuePair<string, string>> Fields(KeyValuePair<string, JsonNode?> argument) => argument.Value switch
    {
        JsonArray list => list.Select(one => KeyValuePair.Create(argument.Key, $"{one}")),
        JsonObject entries => entries.Select(entry => KeyValuePair.Create($"{argument.Key}.{entry.Key}", $"{entry.Value}")),
        var value => [KeyValuePair.Create(argument.Key, $"{value}")],
    };

    /// <summary>As the pages derive it from the cookie, so that a visitor that is shown no form can send one.</summary>
    private static string FormTokenOf(string cookie) => Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(cookie), "form"u8));

    [GeneratedRegex("<summary>Rule</summary><code>([^<]+)</code>")]
    private static partial Regex Rule();
}

using System.Net;
using System.Net.Http.Headers;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Server.Tests.Tokens;
using Microsoft.Data.Sqlite;

namespace IncidentActors.Server.Tests.Pages;

/// <summary>Whatever cannot be done, a person sees a page; a program gets problem details at the same place.</summary>
public sealed class ProblemPageTests
{
    [Theory]
    [InlineData("/nowhere/")]
    [InlineData("/nowhere")]
    [InlineData("/no/such/page")]
    [InlineData("/incidents/INC-1/nothing")]
    [InlineData("/incidents/INC-1/postmortem/file")]
    [InlineData("/atps/AT-NOWHERE")]
    public async Task A_path_that_leads_nowhere_is_a_page_for_a_browser(string path)
    {
        await using var server = await ServerUnderTest.StartAsync();
        var (status, type, body) = await AskAsync(server, HttpMethod.Get, path);
        Assert.Equal((HttpStatusCode.NotFound, "text/html"), (status, type));
        Assert.Contains("<h1>Not found</h1>", body, StringComparison.Ordinal);
        Assert.Contains("<nav", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/nothing")]
    [InlineData("/v2/nothing")]
    [InlineData("/webhooks")]
    public async Task The_api_answers_a_browser_as_it_does_everybody(string path)
    {
        await using var server = await ServerUnderTest.StartAsync();
        var (status, type, _) = await AskAsync(server, HttpMethod.Get, path);
        Assert.Equal((HttpStatusCode.NotFound, "application/problem+json"), (status, type));
    }

    [Fact]
    public async Task A_program_that_goes_astray_gets_problem_details()
    {
        await using var server = await ServerUnderTest.StartAsync();
        Assert.Equal("application/problem+json", (await AskAsync(server, HttpMethod.Get, "/nowhere/", accept: "application/json")).Type);
    }

    [Fact]
    public async Task Refused_forms_are_pages()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var incident = (await server.DeclareAsync()).Text("id");
        foreach (var (path, body, status) in new (string, HttpContent, HttpStatusCode)[]
        {
            ($"/incidents/{incident}", new StringContent("{}"), HttpStatusCode.BadRequest),
            ("/theme", new StringContent("{}"), HttpStatusCode.Forbidden),
            ("/nowhere/", new FormUrlEncodedContent([]), HttpStatusCode.NotFound),
            (
                $"/incidents/{incident}",
                new ByteArrayContent(new byte[3 * 1024 * 1024]) { Headers = { ContentType = new("application/x-www-form-urlencoded") } },
                HttpStatusCode.RequestEntityTooLarge),
        })
        {
            var answer = await AskAsync(server, HttpMethod.Post, path, body);
            Assert.Equal((path, status, "text/html"), (path, answer.Status, answer.Type));
        }
    }

    [Fact]
    public async Task A_page_of_elsewhere_is_refused_with_a_page_that_tells_nothing()
    {
        await using var server = await ServerUnderTest.StartAsync();
        (await server.PostAsync("/api/halts", "@operator", new { scope = "all", reason = "Somebody leaks a key" })).Is(HttpStatusCode.Created);
        var (status, type, body) = await AskAsync(server, HttpMethod.Post, "/theme", new FormUrlEncodedContent([]), origin: "https://evil.example");
        Assert.Equal((HttpStatusCode.Forbidden, "text/html"), (status, type));
        Assert.DoesNotContain("leaks", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_of_the_server_is_a_page()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var incident = (await server.DeclareAsync()).Text("id");
        await using (var database = new SqliteConnection($"Data Source={Path.Combine(server.Data, "journal.db")};Pooling=False"))
        {
            await database.OpenAsync();
            await using var command = database.CreateCommand();
            command.CommandText = "update actors set document = '{}' where kind = 'incident'";
            Assert.NotEqual(0, await command.ExecuteNonQueryAsync());
        }

        var (status, type, body) = await AskAsync(server, HttpMethod.Get, $"/incidents/{incident}");
        Assert.Equal((HttpStatusCode.InternalServerError, "text/html"), (status, type));
        Assert.Contains("The server failed", body, StringComparison.Ordinal);
        Assert.DoesNotContain("Idempotency-Key", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stranger_who_goes_astray_is_sent_to_sign_in_and_a_guest_sees_the_page()
    {
        await using var guarded = await GuardedServer.StartAsync();
        var stranger = await AskAsync(guarded.Server, HttpMethod.Get, "/nowhere/");
        Assert.Equal(HttpStatusCode.SeeOther, stranger.Status);
        var guest = await AskAsync(
            guarded.Server,
            HttpMethod.Get,
            "/nowhere/",
            cookie: await guarded.SignInAsync((await guarded.TokenAsync(new { handle = "@pm" })).Text("secret")));
        Assert.Equal((HttpStatusCode.NotFound, "text/html"), (guest.Status, guest.Type));
    }

    private static async Task<(HttpStatusCode Status, string? Type, string Body)> AskAsync(
        ServerUnderTest server,
        HttpMethod method,
        string path,
        HttpContent? body = null,
        string accept = "text/html,application/xhtml+xml,*/*;q=0.8",
        string? origin = null,
        string? cookie = null)
    {
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = server.Address };
        using var request = new HttpRequestMessage(method, path) { Content = body };
        foreach (var media in accept.Split(',')) request.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse(media));
        if (origin is not null) request.Headers.Add("Origin", origin);
        if (cookie is not null) request.Headers.Add("Cookie", cookie);
        using var answer = await client.SendAsync(request);
        return (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType, await answer.Content.ReadAsStringAsync());
    }
}

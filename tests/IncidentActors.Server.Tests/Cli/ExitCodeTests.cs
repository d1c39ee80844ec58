using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using IncidentActors.Cli;
using IncidentActors.Core.Json;
using IncidentActors.Testing;

namespace IncidentActors.Server.Tests.Cli;

/// <summary>Exit codes, what is said with them, and when a command is sent again.</summary>
public sealed class ExitCodeTests
{
    private readonly CliRun cli = new();

    public static TheoryData<string> Showing => EveryVerb.Showing;

    [Theory]
    [InlineData(HttpStatusCode.BadRequest, ExitCodes.Usage)]
    [InlineData(HttpStatusCode.Unauthorized, ExitCodes.Refused)]
    [InlineData(HttpStatusCode.Forbidden, ExitCodes.Refused)]
    [InlineData(HttpStatusCode.NotFound, ExitCodes.NotFound)]
    [InlineData(HttpStatusCode.Conflict, ExitCodes.Refused)]
    [InlineData(HttpStatusCode.UnprocessableEntity, ExitCodes.Refused)]
    [InlineData(HttpStatusCode.Locked, ExitCodes.Halted)]
    [InlineData(HttpStatusCode.InternalServerError, ExitCodes.Unavailable)]
    public async Task Each_answer_has_its_code(HttpStatusCode status, int exit)
    {
        cli.Server.Refuses(status, "some.rule", "Do it otherwise.");
        Assert.Equal(exit, await cli.RunAsync("atp", "status", "AT-1", "Closed"));
        Assert.Contains("Do it otherwise.", cli.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("list", "--nonsense")]
    [InlineData("handoff", "AT-1")]
    [InlineData("halt", "all")]
    [InlineData("list", "--server", "over there")]
    [InlineData("note", "INC-1", "@no-such-file")]
    [InlineData("drill", "--flow", "standard")]
    [InlineData("declare", "x", "--severity", "SEV-3", "--started", "yesterday-ish")]
    public async Task A_wrong_command_line_sends_nothing(params string[] args)
    {
        Assert.Equal(ExitCodes.Usage, await cli.RunAsync(args));
        Assert.Empty(cli.Server.Requests);
        Assert.NotEqual("\n", cli.Error);
    }

    [Fact]
    public async Task A_refusal_says_rule_sentence_and_what_is_allowed()
    {
        cli.Server.Refuses(
            HttpStatusCode.Conflict,
            "atp.transition.unknown",
            "The flow emergency has no row from Complete to Closed; from Complete it goes to Deployed.",
            "Deployed");
        await cli.RunAsync("atp", "status", "AT-1", "Closed");
        Golden.Equal("Golden/refused.txt", cli.Error);
    }

    [Fact]
    public async Task A_halt_is_told_with_its_reason_and_how_to_go_on()
    {
        var problem = new JsonObject
        {
            ["type"] = "https://incidentactors.dev/rules/halt.covers", ["detail"] = "HLT-K7M2PQ4R halts all. Nothing was changed.",
            ["halt"] = JsonSerializer.SerializeToNode(Samples.Notice, CoreJson.Options),
        };
        cli.Server.Answers(problem.ToJsonString(), HttpStatusCode.Locked);
        Assert.Equal(ExitCodes.Halted, await cli.RunAsync("atp", "status", "AT-7", "Complete", "--key", "k-1"));
        Golden.Equal("Golden/halted.txt", cli.Error);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_asked_once()
    {
        cli.Server.Does(() => throw new HttpRequestException("refused", new SocketException((int)SocketError.ConnectionRefused)));
        Assert.Equal(ExitCodes.Unreachable, await cli.RunAsync("list"));
        Assert.Single(cli.Server.Requests);
        Assert.Contains("./run", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unavailable_and_lost_connections_are_tried_again_with_the_same_key()
    {
        cli.Server.Refuses(HttpStatusCode.ServiceUnavailable, "server.unavailable", "Too much at once.")
            .Does(() => throw new HttpRequestException("reset", new SocketException((int)SocketError.ConnectionReset)))
            .Does(() => throw new SocketException((int)SocketError.NotConnected)) // Reset right after it was accepted.
            .Answers(Samples.Incident);
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("note", "INC-1", "hello"));
        Assert.Equal(4, cli.Server.Requests.Count);
        Assert.Single(cli.Server.Requests.Select(request => request.Headers["Idempotency-Key"]).Distinct());
        Assert.Equal(3, cli.Pauses.Count);
        Assert.Contains("attempt 2 of 4, same key", cli.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(HttpStatusCode.BadGateway)]
    [InlineData(HttpStatusCode.GatewayTimeout)]
    public async Task A_proxy_that_cannot_reach_the_server_is_asked_again(HttpStatusCode status)
    {
        cli.Server.Answers("<html><head><title>Bad luck</title></head></html>", status, "text/html").Answers(Samples.Incident);
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("note", "INC-1", "hello"));
        Assert.Equal(2, cli.Server.Requests.Count);
        Assert.Contains("Bad luck (a page, as of a proxy", cli.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("<html>", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_only_looked_is_told_of_no_key()
    {
        for (var attempt = 0; attempt < 4; attempt++) cli.Server.Refuses(HttpStatusCode.ServiceUnavailable, "server.unavailable", "Too much at once.");
        Assert.Equal(ExitCodes.Unavailable, await cli.RunAsync("list"));
        Assert.DoesNotContain("--key", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_whose_answer_never_came_tells_its_key()
    {
        for (var attempt = 0; attempt < 4; attempt++)
            cli.Server.Does(() => throw new HttpRequestException("reset", new SocketException((int)SocketError.ConnectionReset)));
        Assert.Equal(ExitCodes.Unreachable, await cli.RunAsync("note", "INC-1", "hello"));
        Assert.Contains($"--key {cli.Server.Last.Headers["Idempotency-Key"]}", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_that_is_interrupted_tells_its_key()
    {
        using var pressed = new CancellationTokenSource();
        var interrupted = new CliRun { Cancel = pressed.Token };
        interrupted.Server.Does(() =>
        {
            pressed.Cancel();
            throw new OperationCanceledException(pressed.Token);
        });
        Assert.Equal(ExitCodes.Interrupted, await interrupted.RunAsync("note", "INC-1", "hello"));
        Assert.Contains($"--key {interrupted.Server.Last.Headers["Idempotency-Key"]}", interrupted.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_a_redirection_leads_is_said_and_nothing_is_sent_there()
    {
        cli.Server.Does(() => new HttpResponseMessage(HttpStatusCode.Found) { Headers = { Location = new Uri("https://sso.example.com/login") } });
        Assert.Equal(ExitCodes.Unreachable, await cli.RunAsync("note", "INC-1", "hello"));
        Assert.Single(cli.Server.Requests);
        Assert.Contains("https://sso.example.com/login", cli.Error, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Showing))]
    public async Task A_page_that_says_all_is_well_is_not_believed(string path)
    {
        cli.Server.Answers("<!DOCTYPE html><html><title>Sign in to the network</title></html>", type: "text/html");
        Assert.InRange(await cli.RunAsync([.. EveryVerb.Sample(path)]), ExitCodes.Unreachable, ExitCodes.Unavailable);
        Assert.Equal("", cli.Output.Replace("everything at http://127.0.0.1:7070; Ctrl-C ends", "", StringComparison.Ordinal).Trim());
    }

    /// <summary>"Nothing is halted" must not be made of an answer that says nothing of halts.</summary>
    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("""{"version":9,"things":[1,2]}""")]
    public async Task What_another_version_answers_is_no_empty_list(string body)
    {
        foreach (var line in new string[][]
        {
            ["list"], ["halt", "status"], ["approvals"], ["inbox"], ["metrics"], ["report", "INC-1"], ["watch", "INC-1"], ["flows"], ["tools"],
            ["atp", "list"], ["token", "list"], ["webhook", "list"], ["runbook", "list"], ["knowledge", "search", "x"], ["show", "INC-1"], ["agent"],
        })
        {
            var run = new CliRun();
            run.Server.Answers(body);
            var exit = await run.RunAsync(line);
            Assert.True(exit == ExitCodes.Unavailable, $"{string.Join(' ', line)}: {exit}\n{run.Output}");
            Assert.Contains("is not what this program expects", run.Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Every_code_stands_in_the_help()
    {
        var codes = typeof(ExitCodes).GetFields().Where(field => field.FieldType == typeof(int)).Select(field => (int)field.GetRawConstantValue()!);
        Assert.All(codes, code => Assert.Matches($@"(?m)^ +{code}  \S", ExitCodes.Table));
    }

    [Fact]
    public async Task Trying_again_ends()
    {
        for (var attempt = 0; attempt < 4; attempt++) cli.Server.Refuses(HttpStatusCode.ServiceUnavailable, "server.unavailable", "Too much at once.");
        Assert.Equal(ExitCodes.Unavailable, await cli.RunAsync("note", "INC-1", "hello", "--key", "k-1"));
        Assert.Equal(4, cli.Server.Requests.Count);
        Assert.All(cli.Server.Requests, request => Assert.Equal("k-1", request.Headers["Idempotency-Key"]));
        Assert.Contains("--key k-1", cli.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("list", "--token", "wörong")]
    [InlineData("list", "--token", "secret\r\n")]
    [InlineData("note", "INC-1", "x", "--key", "schlüssel")]
    public async Task What_no_header_can_carry_is_said_and_nothing_is_sent(params string[] line)
    {
        Assert.Equal(ExitCodes.Usage, await cli.RunAsync(line));
        Assert.Empty(cli.Server.Requests);
        Assert.Contains("contains a character that is not allowed", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_is_not_known_cannot_list_tokens()
    {
        cli.Environment["INCIDENT_TOKEN"] = "secret";
        cli.Server.Refuses(HttpStatusCode.Unauthorized, "token.unknown", "The token is none that may be used here.");
        Assert.Equal(ExitCodes.Refused, await cli.RunAsync("list"));
        Assert.DoesNotContain("incident token list", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_is_enough_for_ones_own_inbox()
    {
        cli.Environment.Remove("INCIDENT_AGENT");
        cli.Environment["INCIDENT_TOKEN"] = "secret";
        cli.Server.Answers(Samples.Inbox);
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("inbox"));
        Assert.Equal("/api/tools/inbox", cli.Server.Last.Path);
    }

    [Fact]
    public async Task Two_commands_have_two_keys()
    {
        cli.Server.Answers(Samples.Incident).Answers(Samples.Incident);
        await cli.RunAsync("note", "INC-1", "hello");
        await cli.RunAsync("note", "INC-1", "hello");
        Assert.NotEqual(cli.Server.Requests[0].Headers["Idempotency-Key"], cli.Server.Requests[1].Headers["Idempotency-Key"]);
    }

    [Fact]
    public async Task A_token_names_the_caller()
    {
        cli.Environment["INCIDENT_TOKEN"] = "secret";
        cli.Server.Answers(Samples.Incident);
        await cli.RunAsync("note", "INC-1", "hello", "--session", "two");
        Assert.Equal("Bearer secret", cli.Server.Last.Headers["Authorization"]);
        Assert.Equal("two", cli.Server.Last.Headers["X-Session"]);
        Assert.DoesNotContain("X-Agent", cli.Server.Last.Headers.Keys);
    }

    [Fact]
    public async Task An_answer_of_another_version_is_said()
    {
        cli.Server.Answers("""{"id":"INC-1"}""");
        Assert.Equal(ExitCodes.Unavailable, await cli.RunAsync("show", "INC-1"));
        Assert.Contains("--json prints it as it is", cli.Error, StringComparison.Ordinal);
    }
}

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
    [InlineData("declare", "x", "--started", "yesterday-ish")]
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
            .Answers(Samples.Incident);
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("note", "INC-1", "hello"));
        Assert.Equal(3, cli.Server.Requests.Count);
        Assert.Single(cli.Server.Requests.Select(request => request.Headers["Idempotency-Key"]).Distinct());
        Assert.Equal(2, cli.Pauses.Count);
        Assert.Contains("attempt 2 of 4, same key", cli.Error, StringComparison.Ordinal);
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

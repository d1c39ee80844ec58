using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using IncidentActors.Cli;
using IncidentActors.Cli.Http;
using IncidentActors.Core.Incidents;
using IncidentActors.Testing;

namespace IncidentActors.Server.Tests.Cli;

/// <summary><c>events</c> and <c>watch</c>: the stream, and going on after it broke.</summary>
public sealed class FollowingTests
{
    private readonly CliRun cli = new();

    [Fact]
    public async Task A_broken_stream_goes_on_behind_the_last_event()
    {
        cli.Server.Answers(Stream(("0.5", "one"), ("0.6", "two")), type: "text/event-stream")
            .Does(() => throw new HttpRequestException("gone"))
            .Answers(Stream(("0.7", "three")), type: "text/event-stream");
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("events", "--count", "3"));
        Assert.Equal("/api/events?after=now", cli.Server.Requests[0].Path);
        Assert.Equal("0.6", cli.Server.Last.Headers["Last-Event-ID"]);
        Assert.Equal(["one", "two", "three"], cli.Output.Trim().Split('\n').Select(line => line.Split(' ')[^1]));
        Assert.Contains("connection lost", cli.Error, StringComparison.Ordinal);
        Assert.Contains("connected again", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_that_cannot_be_opened_is_not_waited_for()
    {
        cli.Server.Refuses(HttpStatusCode.BadRequest, "argument.malformed", "'after' must be the id of an event.");
        Assert.Equal(ExitCodes.Usage, await cli.RunAsync("events", "--after", "x"));
        cli.Server.Does(() => throw new HttpRequestException("nobody there"));
        Assert.Equal(ExitCodes.Unreachable, await cli.RunAsync("events"));
    }

    [Fact]
    public async Task Json_gives_one_object_per_line()
    {
        cli.Server.Answers(Stream(("0.5", "one")), type: "text/event-stream");
        await cli.RunAsync("events", "--count", "1", "--json");
        Assert.Equal("0.5", JsonDocument.Parse(cli.Output).RootElement.GetProperty("id").GetString());
    }

    [Fact]
    public async Task Watching_ends_with_the_incident()
    {
        var closed = Samples.Incident with { Status = IncidentStatus.Closed, Halts = [], Atps = [Samples.Atp.Id] };
        cli.Server.Answers(Samples.Incident).Answers(Samples.Atp).Answers(Samples.Halt)
            .Answers(CliOutputTests.Page(Samples.Note("0.1", 360, "@alertmanager", "declared")))
            .Answers(Stream(("0.2", "closed")), type: "text/event-stream")
            .Answers(closed).Answers(Samples.Atp);
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("watch", Samples.Incident.Id));
        Assert.Equal("0.1", cli.Server.Requests[4].Headers["Last-Event-ID"]);
        Golden.Equal("Golden/watch.txt", cli.Output);
    }

    [Theory]
    [InlineData("<html><title>Sign in</title></html>", "text/html")]
    [InlineData("{}", "application/json")]
    public async Task A_page_is_no_feed(string body, string type)
    {
        cli.Server.Answers(body, type: type);
        Assert.Equal(ExitCodes.Unreachable, await cli.RunAsync("events", "--json"));
        Assert.Contains($"answers with {type}, not with the feed", cli.Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Equal("client.unreachable", JsonDocument.Parse(cli.Output).RootElement.Text("rule"));
    }

    [Fact]
    public async Task What_only_accepts_connections_is_not_there_again()
    {
        cli.Server.Answers(Stream(("0.5", "one")), type: "text/event-stream")
            .Answers("", type: "text/event-stream")
            .Answers("<html></html>", type: "text/html")
            .Answers(Stream(("0.6", "two")), type: "text/event-stream");
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("events", "--count", "2"));
        Assert.Equal(1, cli.Error.Split("connected again").Length - 1);
        Assert.Equal(1, cli.Error.Split("connection lost").Length - 1);
        Assert.True(cli.Pauses[^1] > cli.Pauses[0]);
    }

    [Theory]
    [InlineData("events")]
    [InlineData("watch")]
    public async Task An_event_that_is_no_json_is_said(string verb)
    {
        cli.Server.Answers("id: 0.1\ndata: broken\n\n", type: "text/event-stream");
        Assert.Equal(ExitCodes.Unavailable, await cli.RunAsync(verb));
        Assert.Contains("is not what this program expects", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_event_of_a_newer_server_is_told_by_its_name()
    {
        var newer = (JsonObject)Samples.Note("0.1", 3, "@dev", "x");
        newer["name"] = "incident.teleported.v3";
        cli.Server.Answers($"id: 0.1\ndata: {newer.ToJsonString()}\n\n", type: "text/event-stream");
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("events", "--count", "1"));
        Assert.Contains($"incident.teleported.v3 on incident/{Samples.Incident.Id}", cli.Output, StringComparison.Ordinal);
    }

    private static string Stream(params (string Id, string Text)[] events) => ": connected\nretry: 1000\n\n" + string.Concat(events.Select(one =>
        $"id: {one.Id}\nevent: incident.noted.v1\ndata: {Samples.Note(one.Id, 3, "@dev", one.Text).ToJsonString()}\n\n"));
}

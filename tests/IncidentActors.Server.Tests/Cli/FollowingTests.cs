using System.Net;
using System.Text.Json;
using IncidentActors.Cli;
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
            .Answers(CliOutputTests.Page(Samples.Event("0.1", 360, "@alertmanager", "incident.declared.v1", "declared")))
            .Answers(Stream(("0.2", "closed")), type: "text/event-stream")
            .Answers(closed).Answers(Samples.Atp);
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("watch", Samples.Incident.Id));
        Assert.Equal("0.1", cli.Server.Requests[4].Headers["Last-Event-ID"]);
        Golden.Equal("Golden/watch.txt", cli.Output);
    }

    private static string Stream(params (string Id, string Text)[] events) => ": connected\nretry: 1000\n\n" + string.Concat(events.Select(one =>
        $"id: {one.Id}\nevent: incident.noted.v1\ndata: {JsonSerializer.Serialize(Samples.Event(one.Id, 3, "@dev", "incident.noted.v1", one.Text))}\n\n"));
}

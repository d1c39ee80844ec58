using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Net;
using System.Text.Json.Nodes;
using IncidentActors.Cli.Drill;

namespace IncidentActors.Server.Tests.Drill;

/// <summary>Sees every command of the agents and what became of it: acknowledged, refused, or unknown (the answer never came).</summary>
internal sealed class Acknowledgements : DelegatingHandler
{
    private readonly ConcurrentDictionary<string, Command> commands = new();

    public Acknowledgements()
        : base(new SocketsHttpHandler())
    {
    }

    /// <summary>Requests whose answer did not arrive.</summary>
    public int Lost;

    public IEnumerable<Command> Acknowledged => commands.Values.Where(command => command.Status is >= HttpStatusCode.OK and < HttpStatusCode.MultipleChoices);

    /// <summary>How often the command stands in the history, or null: this kind is not looked for.</summary>
    public static int? Times(Command command, IReadOnlyList<DrillEvent> feed)
    {
        string? Given(string name) => (string?)command.Body[name];
        return command.Tool switch
        {
            "atp_create" => feed.Count(one => one.Is("atp.created") && Text(one, "title") == Given("title")),
            "atp_set" => feed.Count(one => one.Is("atp.noted") && Text(one, "notes") == Given("notes")),
            "atp_change_status" => feed.Count(one => one.Is("atp.moved") && one.Actor == $"atp/{Given("atpId")}" && Text(one, "to") == Given("status")),
            "message_send" => feed.Count(
                one =>
                    one.Is("message.sent")
                        && one.Actor == $"atp/{Given("atpId")}"
                        && Text(one, "subject") == Given("subject")
                        && Text(one, "from") == Given("fromAgent")),
            "message_ack" => feed.Count(
                one => one.Is("message.acknowledged") && $"msg-{one.Actor["atp/".Length..]}-{Text(one, "number")}" == Given("messageId")),
            "artifact_create" => feed.Count(
                one => one.Is("atp.artifact-added") && one.Actor == $"atp/{Given("atpId")}" && Text(one, "title") == Given("title")),
            _ => null,
        };
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Command? command = null;
        if (request.Method == HttpMethod.Post)
        {
            var body = JsonNode.Parse(await request.Content!.ReadAsStringAsync(cancellationToken))!.AsObject();
            var key = request.Headers.GetValues("Idempotency-Key").Single();
            command = commands.GetOrAdd(key, _ => new Command(key, request.RequestUri!.Segments[^1], body));
        }

        try
        {
            var response = await base.SendAsync(request, cancellationToken);
            command?.Status = response.StatusCode;
            return response;
        }
        catch (Exception error) when (error is HttpRequestException or SocketException)
        {
            Interlocked.Increment(ref Lost);
            throw;
        }
    }

    private static string? Text(DrillEvent one, string name) => one.Data.TryGetProperty(name, out var value) ? value.ToString() : null;

    /// <param name="Tool">The last part of the path.</param>
    internal sealed record Command(string Key, string Tool, JsonObject Body)
    {
        /// <summary>The last answer that arrived, or null.</summary>
        public HttpStatusCode? Status { get; set; }
    }
}

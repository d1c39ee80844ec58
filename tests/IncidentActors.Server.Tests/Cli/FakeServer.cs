using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using IncidentActors.Core.Json;

namespace IncidentActors.Server.Tests.Cli;

/// <summary>Answers what it was told to answer, in order, and remembers what it was asked.</summary>
internal sealed class FakeServer : HttpMessageHandler
{
    private readonly Queue<Func<HttpResponseMessage>> answers = new();

    public List<Request> Requests { get; } = [];

    public Request Last => Requests[^1];

    public FakeServer Answers(object view, HttpStatusCode status = HttpStatusCode.OK) => Answers(JsonSerializer.Serialize(view, CoreJson.Views), status);

    public FakeServer Answers(string body, HttpStatusCode status = HttpStatusCode.OK, string type = "application/json") =>
        Does(() => new HttpResponseMessage(status) { Content = new StringContent(body, Encoding.UTF8, type) });

    public FakeServer Refuses(HttpStatusCode status, string rule, string detail, params string[] allowed) => Answers(
        new JsonObject
        {
            ["type"] = $"https://incidentactors.dev/rules/{rule}", ["title"] = "Refused", ["status"] = (int)status, ["detail"] = detail,
            ["allowed"] = new JsonArray([.. allowed.Select(one => (JsonNode)one)]),
        }.ToJsonString(), status);

    public FakeServer Does(Func<HttpResponseMessage> answer)
    {
        answers.Enqueue(answer);
        return this;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? null : await request.Content.ReadAsStringAsync(cancellationToken);
        Requests.Add(new Request(
            request.Method.Method,
            request.RequestUri!.PathAndQuery,
            body,
            request.Headers.ToDictionary(header => header.Key, header => string.Join(",", header.Value))));
        return answers.TryDequeue(out var answer) ? answer() : throw new InvalidOperationException($"nobody told what {request.RequestUri} answers");
    }
}

/// <param name="Path">With the query.</param>
internal sealed record Request(string Method, string Path, string? Body, IReadOnlyDictionary<string, string> Headers);

using System.Net;

namespace IncidentActors.Server.Tests.Http;

public sealed class OverloadTests
{
    [Fact]
    public async Task A_full_queue_answers_503_and_keeps_what_it_accepted()
    {
        const int AtOnce = 64;
        await using var server = await ServerUnderTest.StartAsync(options => options with { QueueCapacity = 1, MaxBatchSize = 1 });
        var replies = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(number =>
            server.PostAsync("/api/incidents", $"@agent{number}", new { title = $"Thing {number}", severity = "P3" }, key: "k")));
        Assert.All(replies, reply => Assert.True(reply.Status is HttpStatusCode.Created or HttpStatusCode.ServiceUnavailable, reply.Body));
        Assert.All(replies.Where(reply => reply.Status == HttpStatusCode.ServiceUnavailable), reply =>
        {
            reply.Refused(503, "server.unavailable");
            Assert.NotNull(reply.RetryAfter);
        });
        Assert.Equal(
            replies.Where(reply => reply.Status == HttpStatusCode.Created).Select(reply => reply.Json.Text("id")).Order(),
            (await server.GetAsync("/api/incidents?limit=1000")).Items().Select(one => one.Text("id")).Order());

        await Parallel.ForEachAsync(Enumerable.Range(0, AtOnce), new ParallelOptions { MaxDegreeOfParallelism = 1 }, async (number, _) =>
        {
            var again = await server.PostAsync("/api/incidents", $"@agent{number}", new { title = $"Thing {number}", severity = "P3" }, key: "k");
            Assert.Equal(replies[number].Status == HttpStatusCode.Created, again.Replayed);
        });
        Assert.Equal(AtOnce, (await server.GetAsync("/api/incidents?limit=1000")).Items().Length);
    }
}

using System.Diagnostics;
using System.Net.Http.Json;
using System.Net.Sockets;
using IncidentActors.Testing;

namespace IncidentActors.Server.Tests.Chaos;

/// <summary>Calls of the operator through any of the nodes, repeated until one of them answers.</summary>
internal static class OperatorCalls
{
    private static readonly TimeSpan BeforeAgain = TimeSpan.FromMilliseconds(50);

    /// <summary>A command with one key.</summary>
    public static Task<HttpResponseMessage> PostAsync(IReadOnlyList<ServerProcess> through, string path, object body, string key) =>
        SendAsync(through, path, () => new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = JsonContent.Create(body),
            Headers = { { "Idempotency-Key", key } },
        });

    public static Task<HttpResponseMessage> GetAsync(IReadOnlyList<ServerProcess> through, string path) =>
        SendAsync(through, path, () => new HttpRequestMessage(HttpMethod.Get, path));

    private static async Task<HttpResponseMessage> SendAsync(IReadOnlyList<ServerProcess> through, string path, Func<HttpRequestMessage> make)
    {
        var began = Stopwatch.GetTimestamp();
        for (var attempt = 0; ; attempt++)
        {
            var again = Stopwatch.GetElapsedTime(began) < Eventually.Deadline;
            try
            {
                using var request = make();
                request.Headers.Add("X-Agent", "@operator");
                var answer = await through[attempt % through.Count].Client.SendAsync(request);
                if (answer.IsSuccessStatusCode) return answer;
                Assert.True((int)answer.StatusCode >= 500 && again, $"{path}: {answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
                answer.Dispose();
            }
            catch (Exception error) when (error is HttpRequestException or SocketException or TaskCanceledException && again)
            {
                // Sent again below.
            }

            await Eventually.RealTimeAsync(BeforeAgain);
        }
    }
}

using System.Collections.Concurrent;
using System.Security.Cryptography;
using IncidentActors.Core.Decisions;
using IncidentActors.Server.Hosting;
using IncidentActors.Server.Tokens;

namespace IncidentActors.Server.Mcp;

/// <summary>The sessions of this node. They hold nothing that matters: a client whose session is gone shakes hands again and goes on.</summary>
internal sealed class McpSessions(RunningEngine engine, TokenLives lives, ILoggerFactory logs) : IAsyncDisposable
{
    private const int Most = 5000;
    private static readonly TimeSpan Idle = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<string, McpSession> sessions = new(StringComparer.Ordinal);

    /// <summary>A new session, or null: there are too many in use.</summary>
    public async Task<McpSession?> OpenAsync(Call? call, AccessToken? token, string toolSet)
    {
        if (sessions.Count >= Most) await EndIdleAsync();
        if (sessions.Count >= Most) return null;
        var session = new McpSession(engine, new McpCaller(call, token, $"mcp-{RandomNumberGenerator.GetHexString(32, lowercase: true)}"), toolSet, logs);
        sessions[session.Id] = session;
        if (token is not null) session.LastsAs(lives.Begin(token.Id, CancellationToken.None), () => EndAsync(session.Id));
        return session;
    }

    public McpSession? Find(string id)
    {
        if (!sessions.TryGetValue(id, out var session)) return null;
        session.LastUsed = engine.Options.Time.GetUtcNow();
        return session;
    }

    public async Task<bool> EndAsync(string id)
    {
        if (!sessions.TryRemove(id, out var session)) return false;
        await session.DisposeAsync();
        return true;
    }

    public async Task EndAllAsync()
    {
        foreach (var id in sessions.Keys) await EndAsync(id);
    }

    public async ValueTask DisposeAsync() => await EndAllAsync();

    private async Task EndIdleAsync()
    {
        var before = engine.Options.Time.GetUtcNow() - Idle;
        foreach (var session in sessions.Values.Where(session => !session.Streaming && session.LastUsed < before)) await EndAsync(session.Id);
    }
}

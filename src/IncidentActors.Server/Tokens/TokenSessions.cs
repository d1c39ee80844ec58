using System.Collections.Concurrent;
using IncidentActors.Engine.Access;
using IncidentActors.Engine.Journals;

namespace IncidentActors.Server.Tokens;

/// <summary>
/// Activity under a token: requests that are being answered, streams, sessions. It ends when the token does: at once where it is
/// revoked, within <see cref="PollInterval"/> on other nodes and when it expires.
/// </summary>
internal sealed class TokenSessions(TokenRecords tokens, TimeProvider time) : BackgroundService
{
    public static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    /// <summary>Placeholder id for requests without a token, used until the first token exists.</summary>
    public const string Anonymous = "";

    private readonly ConcurrentDictionary<Life, byte> lives = new();

    /// <summary>To be disposed when it is over by itself.</summary>
    public Life Begin(string tokenId, CancellationToken cancel)
    {
        var life = new Life(this, tokenId, cancel);
        lives.TryAdd(life, 0);
        return life;
    }

    /// <summary>The token is revoked or has expired.</summary>
    /// <param name="besides">The request that revokes it, which is still answered.</param>
    public void End(string tokenId, Life? besides = null)
    {
        foreach (var life in lives.Keys.Where(life => life.TokenId == tokenId && life != besides)) life.End();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var look = new PeriodicTimer(PollInterval);
        while (await look.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                foreach (var id in lives.Keys.Select(life => life.TokenId).Distinct())
                {
                    if (await IsOverAsync(id, stoppingToken)) End(id);
                }
            }
            catch (JournalUnavailableException)
            {
                // The next look will tell.
            }
        }
    }

    private async Task<bool> IsOverAsync(string id, CancellationToken cancel) => id == Anonymous
        ? await tokens.AnyAsync(cancel)
        : await tokens.GetAsync(id, cancel) is not { } token || !token.IsValid(time.GetUtcNow());

    /// <summary>One activity.</summary>
    internal sealed class Life : IDisposable
    {
        private readonly TokenSessions all;
        private readonly CancellationTokenSource source;

        public Life(TokenSessions all, string tokenId, CancellationToken cancel)
        {
            this.all = all;
            TokenId = tokenId;
            source = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            Token = source.Token;
        }

        public string TokenId { get; }

        /// <summary>Canceled with what it was made from, and when the token ends.</summary>
        public CancellationToken Token { get; }

        /// <summary>The token has ended.</summary>
        public bool Ended { get; private set; }

        public void End()
        {
            Ended = true;
            try
            {
                source.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // It was over at the same moment.
            }
        }

        public void Dispose()
        {
            all.lives.TryRemove(this, out _);
            source.Dispose();
        }
    }
}

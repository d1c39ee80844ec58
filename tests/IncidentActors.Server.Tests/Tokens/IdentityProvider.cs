using System.Globalization;
using System.Security.Claims;
using System.Text.Json;
using IncidentActors.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenIddict.Abstractions;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace IncidentActors.Server.Tests.Tokens;

/// <summary>An OpenID provider (OpenIddict) that signs everybody in as <see cref="Claims"/> say.</summary>
internal sealed class IdentityProvider : IAsyncDisposable
{
    private readonly WebApplication app;

    private IdentityProvider(Uri address)
    {
        Address = address;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(address.ToString());
        builder.Services.AddOpenIddict().AddServer(server =>
        {
            server.SetIssuer(address);
            server.SetTokenEndpointUris("connect/token").SetAuthorizationEndpointUris("connect/authorize").SetEndSessionEndpointUris("connect/logout");
            server.AllowClientCredentialsFlow().AllowAuthorizationCodeFlow().RequireProofKeyForCodeExchange();
            server.RegisterScopes(OpenIddictConstants.Scopes.Profile);
            server.EnableDegradedMode().DisableAccessTokenEncryption().AddEphemeralEncryptionKey().AddEphemeralSigningKey();
            server.AddEventHandler<ValidateTokenRequestContext>(handler => handler.UseInlineHandler(static _ => default));
            server.AddEventHandler<ValidateAuthorizationRequestContext>(handler => handler.UseInlineHandler(static _ => default));
            server.AddEventHandler<ValidateEndSessionRequestContext>(handler => handler.UseInlineHandler(static _ => default));
            server.AddEventHandler<HandleTokenRequestContext>(handler => handler.UseInlineHandler(context =>
            {
                if (context.Request.IsClientCredentialsGrantType()) context.SignIn(Principal());
                return default;
            }));
            server.AddEventHandler<HandleAuthorizationRequestContext>(handler => handler.UseInlineHandler(context =>
            {
                if (context.Request.MaxAge is { } seconds && DateTimeOffset.UtcNow - SignedInAt > TimeSpan.FromSeconds(seconds))
                    SignedInAt = DateTimeOffset.UtcNow;
                context.SignIn(Principal());
                return default;
            }));
            server.AddEventHandler<HandleEndSessionRequestContext>(handler => handler.UseInlineHandler(static context =>
            {
                context.SignOut();
                return default;
            }));
            server.UseAspNetCore().DisableTransportSecurityRequirement();
        });
        app = builder.Build();
        app.Use(async (http, next) =>
        {
            if (!Silent)
            {
                await next(http);
                return;
            }

            var left = new TaskCompletionSource();
            await using var registration = http.RequestAborted.Register(left.SetResult);
            await left.Task;
        });
        app.UseAuthentication();
    }

    public Uri Address { get; }
    public List<(string Name, string Value)> Claims { get; } = [];

    /// <summary>It accepts connections and answers nothing.</summary>
    public bool Silent { get; set; }
    public string Audience { get; set; } = "incident-actors";

    /// <summary>When the person entered the credentials; a request with <c>max_age</c> has them entered again where that is longer ago. Null: no
    /// token says.</summary>
    public DateTimeOffset? SignedInAt { get; set; }

    /// <summary>How long an access token is valid; negative: it has expired when it is given.</summary>
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromHours(1);

    public static async Task<IdentityProvider> StartAsync()
    {
        var provider = new IdentityProvider(new Uri($"http://127.0.0.1:{Ports.Free()}/"));
        await provider.app.StartAsync();
        return provider;
    }

    /// <summary>A JWT as a program gets it.</summary>
    public async Task<string> TokenAsync()
    {
        using var client = new HttpClient();
        using var body = new FormUrlEncodedContent([new("grant_type", "client_credentials"), new("client_id", "job"), new("client_secret", "secret")]);
        using var answer = await client.PostAsync(new Uri(Address, "connect/token"), body);
        return (await JsonDocument.ParseAsync(await answer.Content.ReadAsStreamAsync())).RootElement.GetProperty("access_token").GetString()!;
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    private ClaimsPrincipal Principal()
    {
        var identity = new ClaimsIdentity("test", "name", "role");
        foreach (var (name, value) in Claims) identity.AddClaim(new Claim(name, value));
        if (SignedInAt is { } at)
        {
            var seconds = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
            identity.AddClaim(new Claim(OpenIddictConstants.Claims.AuthenticationTime, seconds, ClaimValueTypes.Integer64));
        }

        var principal = new ClaimsPrincipal(identity);
        principal.SetResources(Audience);
        principal.SetAccessTokenLifetime(Lifetime);
        principal.SetScopes(OpenIddictConstants.Scopes.OpenId, OpenIddictConstants.Scopes.Profile);
        principal.SetDestinations(static _ => [OpenIddictConstants.Destinations.AccessToken, OpenIddictConstants.Destinations.IdentityToken]);
        return principal;
    }
}

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
        app.UseAuthentication();
    }

    public Uri Address { get; }
    public List<(string Name, string Value)> Claims { get; } = [];
    public string Audience { get; set; } = "incident-actors";

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
        foreach (var (name, value) in Claims)
        {
            var type = name == OpenIddictConstants.Claims.AuthenticationTime ? ClaimValueTypes.Integer64 : ClaimValueTypes.String;
            identity.AddClaim(new Claim(name, value, type));
        }

        var principal = new ClaimsPrincipal(identity);
        principal.SetResources(Audience);
        principal.SetScopes(OpenIddictConstants.Scopes.OpenId, OpenIddictConstants.Scopes.Profile);
        principal.SetDestinations(static _ => [OpenIddictConstants.Destinations.AccessToken, OpenIddictConstants.Destinations.IdentityToken]);
        return principal;
    }
}
